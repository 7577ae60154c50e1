// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import Testing

@Suite struct WireRecordingTests {
    @Test func `a line is read as it is`() throws {
        let text = """
            {"conn": 1, "dir": "C>S", "seq": 0, "ts": 1795353860.242216, "len": 2, "hex": "00ff"}

            {"conn": 1, "dir": "S>C", "seq": 0, "ts": 2, "eof": true}
            """
        let entries = try WireRecording(Array(text.utf8)).entries
        #expect(entries.map(\.connection) == [1, 1])
        #expect(entries.map(\.isFromClient) == [true, false])
        #expect(entries.map(\.time) == [1_795_353_860_242_216_000, 2_000_000_000])
        #expect(entries.map(\.frame) == [[0, 0xff], nil])
    }

    @Test(arguments: [
        (#"{"conn":1,"dir":"C>S","seq":0,"ts":1,"len":3,"hex":"00ff"}"#, RecordingError.Problem.wrongLength),
        (#"{"conn":1,"dir":"C>S","seq":0,"ts":1,"len":2,"hex":"00f"}"#, .invalidValue),
        (#"{"conn":1,"dir":"X","seq":0,"ts":1,"len":2,"hex":"00ff"}"#, .invalidValue),
        (#"{"conn":1,"dir":"C>S","seq":0,"ts":1}"#, .missingMember),
        (#"{"conn":1,"conn":1,"dir":"C>S","ts":1,"eof":true}"#, .repeatedMember),
        (#"{"conn":1,"dir":"C>S","ts":1,"eof":true,"more":1}"#, .notAnObject),
        (#"{"conn":1,"dir":"C>S","ts":1,"eof":true} x"#, .notAnObject),
        (#"{"conn":-1,"dir":"C>S","ts":1,"eof":true}"#, .invalidValue),
        (#"{"conn":1,"dir":"C>S","ts":99999999999,"eof":true}"#, .invalidValue),
        (#"[]"#, .notAnObject),
    ])
    func `a wrong line is named by its number`(_ line: String, _ problem: RecordingError.Problem) {
        let first = #"{"conn":1,"dir":"C>S","ts":1,"eof":true}"#
        #expect {
            _ = try WireRecording(Array("\(first)\n\(line)\n".utf8))
        } throws: { error in
            let error = error as? RecordingError
            return error?.problem == problem && error?.line == 2
        }
    }
}
