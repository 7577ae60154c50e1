// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct SettingTests {
    @Test(arguments: [
        (Setting.data, "MARTLET_DATA_DIRECTORY"), (.host, "MARTLET_HTTP_HOST"), (.port, "MARTLET_HTTP_PORT"),
        (.allowsAnonymousLoopback, "MARTLET_ACCESS_ALLOW_ANONYMOUS_LOOPBACK"),
        (.maximumEventBytes, "MARTLET_INGEST_MAXIMUM_EVENT_BYTES"),
        (.journalFileBytes, "MARTLET_STORE_JOURNAL_FILE_BYTES"),
        (.repeatWindow, "MARTLET_STORE_REPEAT_WINDOW"), (.catalogFile, "MARTLET_CATALOG_FILE"),
        (.logLevel, "MARTLET_LOG_LEVEL"), (.logFormat, "MARTLET_LOG_FORMAT"),
    ])
    func `a key has one environment variable`(setting: Setting, name: String) {
        #expect(setting.environmentVariable == name)
    }

    @Test func `keys and variables are all different, and defaults are allowed`() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.environmentVariable)).count == Setting.all.count)
        for setting in Setting.all {
            if let fallback = setting.fallback { #expect(setting.fault(of: fallback) == nil, "\(setting.key)") }
            #expect(!setting.meaning.isEmpty)
        }
    }

    @Test(arguments: [
        (Setting.port, "0", true), (.port, "65535", true), (.port, "65536", false), (.port, "-1", false),
        (.port, "80 ", false), (.port, "", false), (.port, "0x50", false), (.host, "", false), (.host, "::1", true),
        (.allowsAnonymousLoopback, "true", true), (.allowsAnonymousLoopback, "yes", false),
        (.allowsAnonymousLoopback, "TRUE", false), (.logLevel, "info", true), (.logLevel, "INFO", false),
        (.repeatWindow, "1024", true), (.repeatWindow, "1000", false), (.logFormat, "xml", false),
        (.maximumEventBytes, "1023", false), (.maximumEventBytes, "99999999999999999999", false),
        (.sealAfter, "1h", true), (.sealAfter, "0h", false), (.sealAfter, "forever", false), (.sealAfter, "1", false),
        (.retentionAge, "forever", true), (.retentionAge, "7y", true), (.retentionAge, "90 d", true),
        (.retentionAge, "-1d", false), (.retentionAge, "999999999999999999y", false), (.retentionAge, "1D", false),
        (.retentionSize, "unlimited", true), (.retentionSize, "100GB", true), (.retentionSize, "1KB", false),
        (.memory, "512MiB", true), (.memory, "536870912", true), (.memory, "unlimited", false),
        (.memory, "1MiB", false),
    ])
    func `values are checked`(setting: Setting, value: String, isAllowed: Bool) {
        #expect((setting.fault(of: value) == nil) == isAllowed)
    }
}
