// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Testing

@Suite struct CatalogErrorTests {
    /// The smallest file that says something; each test breaks it in one place.
    private static let sound = """
        {"schemaVersion": 1,
         "certainties": [{"id": "sure", "description": "Sure."}],
         "eventTypes": [{"type": "a/request", "action": "request", "description": "A."},
                        {"type": "b/request", "aliasOf": "a/request", "action": "request", "description": "B."}],
         "platformCategories": [{"id": "other", "name": "OTHER", "capturedByDefault": false, "description": "O."}],
         "families": [{"id": "f", "name": "F", "description": "F.", "categories": [
           {"id": "c", "name": "C", "eventTypes": ["a/request"], "resourceTypes": ["R"], "complete": true,
            "description": "C.", "methods": [
             {"name": "Do", "certainty": "sure", "description": "Does.", "platform": "other"},
             {"name": "Undo", "certainty": "sure", "description": "Undoes.", "otherSpellings": ["Revert"]}]}]}]}
        """

    @Test func `the sound file is read`() throws {
        let catalog = try Catalog(json: Array(Self.sound.utf8))

        #expect(catalog.classify(type: "b/request", method: "revert").standing == .otherSpelling(canonical: "Undo"))
    }

    @Test(
        arguments: [
            ("\"schemaVersion\": 1", "\"schemaVersion\": 2", .unsupportedVersion, "schemaVersion"),
            ("\"schemaVersion\": 1", "\"schemaVersion\": \"1\"", .wrongShape, "schemaVersion"),
            ("\"schemaVersion\": 1,", "", .wrongShape, "schemaVersion"),
            ("\"families\"", "\"familys\"", .wrongShape, "familys"),
            ("\"aliasOf\": \"a/request\"", "\"aliasOf\": \"z/request\"", .unknownReference, "eventTypes[1].aliasOf"),
            ("\"aliasOf\": \"a/request\"", "\"aliasOf\": \"b/request\"", .unknownReference, "eventTypes[1].aliasOf"),
            ("\"type\": \"b/request\"", "\"type\": \"a/request\"", .duplicate, "eventTypes[1].type"),
            ("\"name\": \"F\"", "\"name\": \"\"", .empty, "families[0].name"),
            ("[\"a/request\"]", "[]", .empty, "families[0].categories[0].eventTypes"),
            ("[\"a/request\"]", "[\"a/request\", \"q\"]", .unknownReference, "families[0].categories[0].eventTypes[1]"),
            ("[\"R\"]", "[\"R\", \"R\"]", .duplicate, "families[0].categories[0].resourceTypes[1]"),
            ("[\"R\"]", "[\"R\", 7]", .wrongShape, "families[0].categories[0].resourceTypes[1]"),
            ("\"complete\": true", "\"complete\": null", .wrongShape, "families[0].categories[0].complete"),
            (
                "\"complete\"", "\"subcategory\": \"s\", \"complete\"", .wrongShape,
                "families[0].categories[0].subcategoryName"
            ),
            (
                "\"otherSpellings\"", "\"otherSpelling\"", .wrongShape,
                "families[0].categories[0].methods[1].otherSpelling"
            ),
            ("[\"Revert\"]", "[\"DO\"]", .duplicate, "families[0].categories[0].methods[1].otherSpellings[0]"),
            ("\"name\": \"Undo\"", "\"name\": \"do\"", .duplicate, "families[0].categories[0].methods[1].name"),
            (
                "\"name\": \"Undo\", \"certainty\": \"sure\"", "\"name\": \"Undo\", \"certainty\": \"unsure\"",
                .unknownReference, "families[0].categories[0].methods[1].certainty"
            ),
            (
                "\"platform\": \"other\"", "\"platform\": \"x\"", .unknownReference,
                "families[0].categories[0].methods[0].platform"
            ),
            ("\"schemaVersion\": 1,", "\"schemaVersion\": 1", .notJSON, ""),
        ] as [(String, String, CatalogError.Code, String)]
    )
    func `a broken file is refused with the place of the break`(
        whole: String,
        broken: String,
        code: CatalogError.Code,
        path: String
    ) throws {
        let file = Self.sound.replacing(whole, with: broken, maxReplacements: 1)
        try #require(file != Self.sound)

        let error = #expect(throws: CatalogError.self) { try Catalog(json: Array(file.utf8)) }

        #expect(error?.code == code)
        #expect(error?.path == path)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `every beginning of a file is refused and none crashes`() {
        let bytes = Array(Self.sound.utf8)
        for count in 0..<bytes.count {
            let error = #expect(throws: CatalogError.self) { try Catalog(json: Array(bytes[..<count])) }
            #expect(error?.code == .notJSON)
        }
    }

    @Test func `a file beyond the limit is refused unread`() {
        let bytes = [UInt8](repeating: UInt8(ascii: " "), count: CatalogLimits.maximumFileBytes + 1)

        let error = #expect(throws: CatalogError.self) { try Catalog(json: bytes) }

        #expect(error?.code == .tooLarge)
    }

    @Test func `the description begins with the place`() throws {
        let file = Self.sound.replacing("\"name\": \"F\"", with: "\"name\": \"\"")

        let error = #expect(throws: CatalogError.self) { try Catalog(json: Array(file.utf8)) }

        #expect(error?.description == "families[0].name: empty text")
    }
}
