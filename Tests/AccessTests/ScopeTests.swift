// SPDX-License-Identifier: Apache-2.0

import Access
import Testing

@Suite struct ScopeTests {
    @Test(
        arguments: [
            ("ingest", Scope.ingest),
            ("read", .read),
            ("admin", .admin),
            ("ingest read", [.ingest, .read]),
            ("read,ingest", [.ingest, .read]),
            (" read , read ", .read),
        ] as [(String, Scope)]
    )
    func `names are parsed in any order with spaces or commas`(text: String, expected: Scope) throws {
        #expect(try Scope(parsing: text) == expected)
    }

    @Test(arguments: ["", " , ", "root", "read write", "Read", "READ", "all"])
    func `a name that does not exist is refused`(text: String) {
        let error = #expect(throws: AccessError.self) { try Scope(parsing: text) }

        #expect(error?.code == .invalidScope)
    }

    @Test(arguments: [Scope.ingest, .read, .admin, [.ingest, .read], [.ingest, .read, .admin]])
    func `the description is parsed back`(scope: Scope) throws {
        #expect(try Scope(parsing: scope.description) == scope)
    }

    @Test(
        arguments: [
            (Scope.admin, Scope.ingest, true),
            (.admin, .read, true),
            (.admin, [.ingest, .read, .admin], true),
            (.read, .read, true),
            (.read, .ingest, false),
            (.ingest, .read, false),
            (.ingest, [.ingest, .read], false),
            ([.ingest, .read], .admin, false),
            ([], .read, false),
        ] as [(Scope, Scope, Bool)]
    )
    func `admin permits everything and the others only themselves`(granted: Scope, needed: Scope, expected: Bool) {
        #expect(granted.permits(needed) == expected)
    }
}
