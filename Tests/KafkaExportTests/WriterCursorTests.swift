// SPDX-License-Identifier: Apache-2.0

import KafkaClient
import Testing

@testable import KafkaExport

@Suite struct WriterCursorTests {
    @Test func `a cursor is what its text says`() throws {
        var cursor = WriterCursor(nextIndex: 17)
        cursor.ends = [KafkaPartition("b", 0): 5, KafkaPartition("a", 12): .max]
        #expect(cursor.text == "martlet-sink 1\nnext 17\nend a 12 9223372036854775807\nend b 0 5\n")
        #expect(WriterCursor(cursor.text) == cursor)
    }

    @Test(arguments: [
        "", "martlet-sink 2\nnext 1\n", "martlet-sink 1\n", "martlet-sink 1\nnext -1\n",
        "martlet-sink 1\nnext 1\nend a 0\n", "martlet-sink 1\nnext 1\nmore\n",
    ])
    func `what is no cursor is none`(_ text: String) { #expect(WriterCursor(text) == nil) }
}
