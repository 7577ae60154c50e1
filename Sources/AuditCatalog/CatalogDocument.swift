// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// The layout of the data file, key by key. What the values mean stands with the types they become.

struct CatalogDocument: StrictlyKeyed {
    let schemaVersion: Int
    let certainties: [Strict<Certainty>]
    let eventTypes: [Strict<EventType>]
    let platformCategories: [Strict<Platform>]
    let families: [Strict<Family>]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, certainties, eventTypes, platformCategories, families
    }

    struct Certainty: StrictlyKeyed {
        let id: String
        let description: String

        enum CodingKeys: String, CodingKey, CaseIterable { case id, description }
    }

    struct EventType: StrictlyKeyed {
        let type: String
        let aliasOf: String?
        let action: String
        let description: String

        enum CodingKeys: String, CodingKey, CaseIterable { case type, aliasOf, action, description }
    }

    struct Platform: StrictlyKeyed {
        let id: String
        let name: String
        let capturedByDefault: Bool
        let description: String

        enum CodingKeys: String, CodingKey, CaseIterable { case id, name, capturedByDefault, description }
    }

    struct Family: StrictlyKeyed {
        let id: String
        let name: String
        let description: String
        let categories: [Strict<Category>]

        enum CodingKeys: String, CodingKey, CaseIterable { case id, name, description, categories }
    }

    struct Category: StrictlyKeyed {
        let id: String
        let name: String
        let subcategory: String?
        let subcategoryName: String?
        let eventTypes: [String]
        let resourceTypes: [String]
        let complete: Bool
        let description: String
        let note: String?
        let methods: [Strict<Method>]

        enum CodingKeys: String, CodingKey, CaseIterable {
            case id, name, subcategory, subcategoryName, eventTypes, resourceTypes, complete, description, note, methods
        }
    }

    struct Method: StrictlyKeyed {
        let name: String
        let certainty: String
        let description: String
        let resourceTypes: [String]?
        let otherSpellings: [String]?
        let operations: [String]?
        let platform: String?
        let cloud: Bool?
        let nameIsPrefix: Bool?
        let note: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case name, certainty, description, resourceTypes, otherSpellings, operations, platform, cloud
            case nameIsPrefix, note
        }
    }

    /// - Throws: `tooLarge`, `notJSON` or `wrongShape`, the last with the place in the file.
    static func read(_ json: [UInt8]) throws(CatalogError) -> CatalogDocument {
        guard json.count <= CatalogLimits.maximumFileBytes else {
            throw CatalogError(
                code: .tooLarge,
                message: "\(json.count) bytes, the limit is \(CatalogLimits.maximumFileBytes)",
                path: ""
            )
        }
        do {
            return try JSONDecoder().decode(Strict<CatalogDocument>.self, from: Data(json)).value
        } catch let error as DecodingError {
            throw CatalogError(error)
        } catch {
            throw CatalogError(code: .notJSON, message: "\(error)", path: "")
        }
    }
}

/// A structure whose keys are all the keys it may have.
protocol StrictlyKeyed: Decodable {
    associatedtype CodingKeys: CodingKey, CaseIterable
}

/// A value that refuses keys it does not know: a misspelt optional key would otherwise be overlooked in silence.
struct Strict<Value: StrictlyKeyed>: Decodable {
    let value: Value

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys
        let known = Set(Value.CodingKeys.allCases.map(\.stringValue))
        // The smallest, so that the message does not depend on the order of a hash table.
        if let stray = keys.filter({ !known.contains($0.stringValue) }).min(by: { $0.stringValue < $1.stringValue }) {
            let context = DecodingError.Context(
                codingPath: decoder.codingPath + [stray],
                debugDescription: "unknown key, expected one of \(known.sorted().joined(separator: ", "))"
            )
            throw DecodingError.dataCorrupted(context)
        }
        value = try Value(from: decoder)
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}

extension CatalogError {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(code: .wrongShape, message: "missing", path: Self.path(context.codingPath + [key]))
        case .typeMismatch(let type, let context):
            self.init(
                code: .wrongShape,
                message: "expected \(Self.word(for: type))",
                path: Self.path(context.codingPath)
            )
        case .valueNotFound(let type, let context):
            self.init(
                code: .wrongShape,
                message: "expected \(Self.word(for: type)), found null",
                path: Self.path(context.codingPath)
            )
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty {
                var message = "no valid JSON"
                if let cause = context.underlyingError { message += ": \(cause)" }
                self.init(code: .notJSON, message: message, path: "")
            } else {
                self.init(code: .wrongShape, message: context.debugDescription, path: Self.path(context.codingPath))
            }
        @unknown default:
            self.init(code: .wrongShape, message: "\(error)", path: "")
        }
    }

    /// The decoder's Swift type in JSON's words.
    private static func word(for type: Any.Type) -> String {
        if type == String.self { return "a string" }
        if type == Bool.self { return "true or false" }
        if type == Int.self { return "a whole number" }
        return "\(type)".hasPrefix("Array") ? "an array" : "an object"
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path
    }
}
