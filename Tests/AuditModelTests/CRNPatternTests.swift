// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@Suite struct CRNPatternTests {
    @Test(arguments: [
        ("crn:///kafka=k/topic=t", "crn:///kafka=k/topic=t", true),
        ("crn:///kafka=*/topic=t", "crn://mds.example/kafka=k/topic=t", true),
        ("crn://mds.example/kafka=*", "crn:///kafka=k", false),
        ("crn://mds.example/kafka=*", "crn://mds.example/kafka=k", true),
        ("crn:///kafka=k/topic=billing-*", "crn:///kafka=k/topic=billing-eu", true),
        ("crn:///kafka=k/topic=billing-*", "crn:///kafka=k/topic=billing-", true),
        ("crn:///kafka=k/topic=billing-*", "crn:///kafka=k/topic=billing", false),
        ("crn:///kafka=k", "crn:///kafka=k/topic=t", false),
        ("crn:///kafka=k/topic=*", "crn:///kafka=k", false),
        ("crn:///kafka=k/topic=*", "crn:///kafka=k/group=t", false),
        ("crn:///topic=*/kafka=*", "crn:///kafka=k/topic=t", false),
        ("crn:///topic=a*b", "crn:///topic=axb", false),
        ("crn:///topic=a*b", "crn:///topic=a*b", true),
        ("crn:///topic=a%2A", "crn:///topic=a*", true),
        ("crn:///topic=a%2A", "crn:///topic=ab", false),
    ])
    func `types must be the same in order and number, names may end open`(
        _ pattern: String,
        _ crn: String,
        _ expected: Bool
    ) throws {
        #expect(try #require(CRNPattern(pattern)).matches(try #require(CRN(crn))) == expected)
    }

    @Test func `the most specific one applies: authority, then left before right`() throws {
        let crn = try #require(CRN("crn://mds.example/kafka=k-1/topic=billing-eu"))
        let ordered = [
            "crn://mds.example/kafka=k-1/topic=billing-eu",
            "crn://mds.example/kafka=k-1/topic=billing-*",
            "crn://mds.example/kafka=k-1/topic=*",
            "crn://mds.example/kafka=k-*/topic=billing-eu",
            "crn://mds.example/kafka=*/topic=billing-eu",
            "crn:///kafka=k-1/topic=billing-eu",
            "crn:///kafka=k-1/topic=b*",
            "crn:///kafka=*/topic=*",
        ]
        let patterns = try ordered.map { try #require(CRNPattern($0)) }

        for start in patterns.indices {
            let candidates = patterns[start...].shuffled()
            #expect(CRNPattern.mostSpecific(of: candidates, matching: crn) == patterns[start])
        }
        #expect(CRNPattern.mostSpecific(of: patterns, matching: try #require(CRN("crn:///group=g"))) == nil)
    }
}
