// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct FieldReferenceTests {
    @Test(arguments: AuditField.allCases)
    func `every field of the one set can be asked for`(_ field: AuditField) throws {
        #expect(try QueryTests.parse("\(field.rawValue):*") == .field(.audit(field), .exists))
        #expect(FieldReference.audit(field).description == field.rawValue)
    }

    @Test(arguments: ["data.a", "data.a.b_c", "data.a[].b", "data.a-b", "data.ä", "data.authenticationInfo.principal"])
    func `paths lead into data`(_ path: String) throws {
        #expect(try QueryTests.parse("\(path):*") == .field(.path(path), .exists))
    }

    @Test func `a path's special characters are escaped`() throws {
        #expect(try QueryTests.parse("data.a\\:b\\ c:*") == .field(.path("data.a:b c"), .exists))
    }
}
