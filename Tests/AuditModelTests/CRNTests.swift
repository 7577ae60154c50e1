// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AuditModel

@Suite struct CRNTests {
    static let canonical = "crn://confluent.cloud/organization=o/environment=e/cloud-cluster=lkc-1/kafka=lkc-1/topic=t"

    @Test(arguments: [
        (canonical, canonical),
        ("crn://confluent.cloud/", "crn://confluent.cloud/"),
        ("crn://confluent.cloud", "crn://confluent.cloud/"),
        ("crn://Confluent.Cloud/kafka=LKC", "crn://confluent.cloud/kafka=LKC"),
        ("crn:///kafka=k", "crn:///kafka=k"),
        ("crn:///", "crn:///"),
        ("crn://mds.example:8090/kafka=k/topic=a=b", "crn://mds.example:8090/kafka=k/topic=a=b"),
        ("crn:///topic=a%2Fb%20c", "crn:///topic=a%2fb%20c"),
        ("crn:///topic=100%", "crn:///topic=100%25"),
        ("crn:///topic=%ff", "crn:///topic=%25ff"),
        ("crn:///topic=ä", "crn:///topic=ä"),
        ("crn:///topic=%C3%A4", "crn:///topic=ä"),
    ])
    func `reads and prints`(_ text: String, _ expected: String) throws {
        let crn = try #require(CRN(text))

        #expect(crn.description == expected)
        #expect(CRN(crn.description) == crn)
    }

    @Test(arguments: [
        "", "crn", "crn:", "crn://", "crn:/x", "CRN:///kafka=k", "urn:///kafka=k", "crn:///kafka", "crn:///=k",
        "crn:///kafka=", "crn:///kafka=k/", "crn:///kafka=k//topic=t", "crn:////kafka=k", " crn:///kafka=k",
    ])
    func `what is no CRN`(_ text: String) {
        #expect(CRN(text) == nil)
    }

    @Test func `past the limits it is no CRN`() {
        #expect(
            CRN("crn:///" + Array(repeating: "a=b", count: Limits.maximumCRNElements).joined(separator: "/")) != nil
        )
        #expect(
            CRN("crn:///" + Array(repeating: "a=b", count: Limits.maximumCRNElements + 1).joined(separator: "/")) == nil
        )
        #expect(CRN("crn:///a=" + String(repeating: "b", count: Limits.maximumCRNBytes - 9)) != nil)
        #expect(CRN("crn:///a=" + String(repeating: "b", count: Limits.maximumCRNBytes - 8)) == nil)
    }

    @Test func `elements are looked up by type`() throws {
        let crn = try #require(CRN(Self.canonical))

        #expect(crn["topic"] == "t")
        #expect(crn["kafka"] == "lkc-1")
        #expect(crn["group"] == nil)
        #expect(crn.resource == CRN.Element(type: "topic", name: "t"))
        #expect(CRN("crn:///kafka-cluster=k")?["kafka"] == "k")
    }

    @Test func `scopes go from the nearest to the authority`() throws {
        let crn = try #require(CRN("crn://confluent.cloud/environment=e/kafka=k/topic=t"))

        #expect(crn.parent?.description == "crn://confluent.cloud/environment=e/kafka=k")
        #expect(
            crn.scopes.map(\.description) == [
                "crn://confluent.cloud/environment=e/kafka=k", "crn://confluent.cloud/environment=e",
                "crn://confluent.cloud/",
            ]
        )
        #expect(CRN("crn:///")?.parent == nil)
    }

    @Test(arguments: [
        (canonical, "crn://confluent.cloud/kafka=lkc-1/topic=t", true),
        (canonical, "crn:///kafka=lkc-1/topic=t", true),
        (canonical, "crn://confluent.cloud/environment=e/kafka=lkc-1/topic=t", true),
        (canonical, "crn://confluent.cloud/organization=o/environment=e/kafka-cluster=lkc-1/topic=t", true),
        (canonical, "crn://confluent.cloud/kafka=lkc-1/topic=u", false),
        (canonical, "crn://confluent.cloud/kafka=lkc-2/topic=t", false),
        (canonical, "crn://confluent.cloud/environment=f/kafka=lkc-1/topic=t", false),
        (canonical, "crn://mds.example/kafka=lkc-1/topic=t", false),
        (canonical, "crn://confluent.cloud/topic=t", false),
        (canonical, "crn://confluent.cloud/kafka=lkc-1", false),
        ("crn://confluent.cloud/organization=o/environment=e", "crn://confluent.cloud/environment=e", true),
        ("crn://confluent.cloud/organization=o", "crn://confluent.cloud/environment=e", false),
        (
            "crn://confluent.cloud/organization=o/environment=e/flink-region=r/compute-pool=p",
            "crn://confluent.cloud/environment=e/flink-region=r/compute-pool=p", true
        ),
        ("crn://confluent.cloud/", "crn://confluent.cloud", true),
        ("crn:///", "crn:///kafka=k", false),
    ])
    func `canonical and short forms mean the same`(_ left: String, _ right: String, _ expected: Bool) throws {
        let (left, right) = (try #require(CRN(left)), try #require(CRN(right)))

        #expect(left.isEquivalent(to: right) == expected)
        #expect(right.isEquivalent(to: left) == expected)
        #expect(left.isEquivalent(to: left))
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `what it prints it reads, whatever the names`(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        let pieces = ["a", "/", "=", "%", "%2", "%zz", "*", "ä", " ", "\u{0}", "25", "\u{1F426}", "crn://"]
        for _ in 0..<2_000 {
            let elements = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                let name = (0..<Int.random(in: 1...5, using: &generator))
                    .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
                return CRN.Element(type: "topic", name: name)
            }
            let crn = CRN(authority: "a.b", elements: elements)
            #expect(CRN(crn.description) == crn, "seed \(seed): \(crn)")
        }
    }
}
