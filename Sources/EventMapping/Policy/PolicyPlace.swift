// SPDX-License-Identifier: Apache-2.0

/// A value of a document and where it stands, for messages that say both.
struct PolicyPlace {
    let path: String
    let value: PolicyValue

    func error(_ code: PolicyError.Code, _ message: String, _ expected: String) -> PolicyError {
        PolicyError(code: code, path: path, message: message, expected: expected)
    }

    /// The members of a map, each key once and none that has no meaning.
    func members(allowed: [String]) throws(PolicyError) -> [(key: String, place: PolicyPlace)] {
        let expected = "keys are \(allowed.joined(separator: ", "))"
        guard case .map(let members) = value else { throw error(.wrongValue, "\(value.kind)", "a map; \(expected)") }
        var found: [(key: String, place: PolicyPlace)] = []
        for member in members {
            let place = PolicyPlace(path: path.isEmpty ? member.key : "\(path).\(member.key)", value: member.value)
            guard allowed.contains(member.key) else {
                throw place.error(.unknownKey, "no such key", expected)
            }
            guard !found.contains(where: { $0.key == member.key }) else {
                throw place.error(.repeatedKey, "the key is there twice", "each key once")
            }
            found.append((member.key, place))
        }
        return found
    }

    func elements() throws(PolicyError) -> [PolicyPlace] {
        guard case .array(let elements) = value else { throw error(.wrongValue, value.kind, "a list") }
        return elements.enumerated().map { PolicyPlace(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    func text(_ expected: String) throws(PolicyError) -> String {
        guard case .string(let text) = value else { throw error(.wrongValue, value.kind, expected) }
        return text
    }

    /// Categories that are on, given those that are on where nothing is said.
    func categories(changing known: Set<CaptureCategory>) throws(PolicyError) -> Set<CaptureCategory> {
        var found = known
        for (key, place) in try members(allowed: CaptureCategory.allCases.map(\.rawValue)) {
            guard let category = CaptureCategory(rawValue: key) else { continue }
            guard case .bool(let isOn) = place.value else {
                throw place.error(.wrongValue, place.value.kind, "true or false")
            }
            if isOn { found.insert(category) } else { found.remove(category) }
        }
        return found
    }

    /// A length of time of at most an hour, `60s` or `5m`, in nanoseconds; `0s` for none.
    func window() throws(PolicyError) -> Int64 {
        let expected = "0s to 1h, such as 60s or 5m"
        let text = try text(expected)
        guard let unit = ["s": Int64(1), "m": 60, "h": 3600][String(text.suffix(1))],
            let number = Int64(text.dropLast()), (0...3600).contains(number), number * unit <= 3600
        else { throw error(.wrongValue, "\"\(text)\" is no such length of time", expected) }
        return number * unit * 1_000_000_000
    }
}
