// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import Testing

@Suite struct LogIdentityTests {
    private static let identity = LogIdentity(logID: LogID(high: 0x0706_0504_0302_0100, low: 1), keySeed: 0x1234)
    private static let text = """
        martlet-log 1
        id 00010203040506070100000000000000
        key-seed 3412000000000000

        """

    @Test func `the text is what the format says, and comes back`() {
        #expect(Self.identity.text == Self.text)
        #expect(LogIdentity(text: Self.text) == Self.identity)
    }

    @Test(arguments: [
        "", "martlet-log 1\n", "martlet-log 2\nid 00010203040506070100000000000000\nkey-seed 3412000000000000\n",
        "martlet-log 1\nid 000102030405060701000000000000\nkey-seed 3412000000000000\n",
        "martlet-log 1\nid 00010203040506070100000000000000\nkey-seed 34120000000000\n",
        "martlet-log 1\nkey-seed 3412000000000000\nid 00010203040506070100000000000000\n",
        "martlet-log 1\nid 00010203040506070100000000000000\nkey-seed 3412000000000000\nmore\n",
        "martlet-log 1\nid 0001020304050607010000000000000g\nkey-seed 3412000000000000\n",
    ])
    func `anything else is no identity`(text: String) {
        #expect(LogIdentity(text: text) == nil)
    }
}
