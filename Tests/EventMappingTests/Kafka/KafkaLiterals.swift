// SPDX-License-Identifier: Apache-2.0

package import KafkaProtocol

// Messages are written as literals in these tests: ["topics": [["name": "orders", "errorCode": 29]]].

extension KafkaValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: KafkaValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, KafkaValue)...) {
        self = .fields(KafkaFields(elements.map { KafkaFields.Field(name: $0.0, value: $0.1) }))
    }
    package init(nilLiteral: ()) { self = .null }
}

extension KafkaFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, KafkaValue)...) {
        self.init(elements.map { Field(name: $0.0, value: $0.1) })
    }
}
