// SPDX-License-Identifier: Apache-2.0

#include "CSimdjsonOracle.h"

#include <set>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

void append_string(std::string &scalars, std::string_view value) {
    scalars.push_back('s');
    for (int byte = 0; byte < 4; byte++) scalars.push_back(static_cast<char>(value.size() >> (8 * byte)));
    scalars.append(value);
}

void walk(element value, size_t depth, martlet_oracle_verdict &verdict, std::string &scalars) {
    verdict.value_count++;
    switch (value.type()) {
        case element_type::OBJECT: {
            verdict.depth = std::max(verdict.depth, depth);
            // Compared as bytes: the library hands over keys with their escapes resolved.
            std::set<std::string_view> keys;
            size_t key_count = 0;
            for (auto member : simdjson::dom::object(value)) {
                key_count++;
                if (!keys.insert(member.key).second) verdict.has_duplicate_key = 1;
                walk(member.value, depth + 1, verdict, scalars);
            }
            verdict.greatest_key_count = std::max(verdict.greatest_key_count, key_count);
            break;
        }
        case element_type::ARRAY:
            verdict.depth = std::max(verdict.depth, depth);
            for (auto item : simdjson::dom::array(value)) walk(item, depth + 1, verdict, scalars);
            break;
        case element_type::STRING: append_string(scalars, std::string_view(value)); break;
        case element_type::BOOL: scalars.push_back(bool(value) ? 't' : 'f'); break;
        case element_type::NULL_VALUE: scalars.push_back('z'); break;
        default: scalars.push_back('n'); break;
    }
}

}  // namespace

martlet_oracle_verdict martlet_oracle_parse(
    const void *bytes, size_t count, void *scalars, size_t scalars_capacity, size_t *scalars_count) {
    martlet_oracle_verdict verdict = {};
    *scalars_count = 0;
    thread_local simdjson::dom::parser parser;
    const simdjson::padded_string text(static_cast<const char *>(bytes), count);
    element root;
    const auto error = parser.parse(text).get(root);
    if (error != simdjson::SUCCESS) {
        verdict.is_number_out_of_range = error == simdjson::NUMBER_ERROR;
        verdict.is_too_deep = error == simdjson::DEPTH_ERROR;
        return verdict;
    }
    verdict.is_valid = 1;
    verdict.is_object = root.is_object();
    std::string found;
    walk(root, 1, verdict, found);
    *scalars_count = found.size();
    std::char_traits<char>::copy(static_cast<char *>(scalars), found.data(), std::min(found.size(), scalars_capacity));
    return verdict;
}
