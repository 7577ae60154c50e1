// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

/// Events with everything in them, to be cut and damaged.
enum WholeEvent {
    static let all = [
        #"{"specversion":"1.0","id":"e957a2c3-8455","source":"crn://confluent.cloud/","time":"2026-03-01T00:00:04.811Z","#
            + #""data":{"serviceName":"crn://confluent.cloud/","methodName":"mds.Authorize","authenticationInfo":"#
            + #"{"principal":"User:sa-32m8wa"},"authorizationInfo":{"granted":true,"x":false,"none":null},"#
            + #""list":[{"ip":"198.18.12.19","port":46065},[-1.5e+10,0.25,[]],{}]}}"#,
        #"{ "\u0069d" : "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00" , "é€😀" : [ "é€😀" , -0 , 1E5 , 12345678901234567890 ] ,"#
            + " \"a long text with nothing to stop at inside it, for the loop over whole blocks é\"\t:\r\n{ } }",
    ].map { Array($0.utf8) }
}

@Suite struct ObjectScannerTests {
    @Test(arguments: WholeEvent.all)
    func `every prefix of an event is truncated`(_ event: [UInt8]) {
        #expect(scan(event).isValid)
        #expect(scan([]).error == ScanError(.empty, at: 0))
        for count in 1..<event.count {
            #expect(scan(Array(event.prefix(count))).error == ScanError(.truncated, at: count))
            #expect(scan(event, in: 0..<count).error == ScanError(.truncated, at: count))
        }
    }

    @Test(arguments: WholeEvent.all)
    func `an event is found from any place on in a buffer that ends with it`(_ event: [UInt8]) {
        for padding in 0..<70 {
            let bytes = [UInt8](repeating: UInt8(ascii: "\""), count: padding) + event
            let verdict = scan(bytes, in: padding..<bytes.count, AcceptedText.paths, wantsEveryScalar: true)
            #expect(verdict == scan(event, AcceptedText.paths, wantsEveryScalar: true).moved(by: padding))
        }
    }

    /// What may stand around a range: starts and ends of everything, and what would complete a cut value.
    static let surroundings = [
        "\"", "\\", "}", "]", "0", ".5", "e1", " ", ",", "ue", "\u{0}", "é", "{\"a\":1}", "dc00",
    ]

    @Test(arguments: surroundings)
    func `bytes around the range do not matter`(_ filler: String) {
        let before = Array(String(repeating: filler, count: 3).utf8)
        let after = Array(String(repeating: filler, count: 40).utf8)
        for text in RejectedText.all.map(\.text) + AcceptedText.all.map(\.text) {
            let bytes = Notation(text).bytes
            let alone = scan(bytes, AcceptedText.paths)
            let range = before.count..<before.count + bytes.count
            #expect(scan(before + bytes + after, in: range, AcceptedText.paths) == alone.moved(by: before.count))
        }
    }

    @Test func `the scan of one event of many stays inside it`() throws {
        let lines = AcceptedText.all.map { Notation($0.text).bytes }
        let bytes = Array(lines.joined(separator: [0x0A]))
        var scanner = ObjectScanner(PathTable(AcceptedText.paths))
        var start = 0
        for line in lines {
            let verdict = scan(bytes, in: start..<start + line.count, with: &scanner)
            #expect(verdict == scan(line, AcceptedText.paths).moved(by: start))
            start += line.count + 1
        }
    }

    @Test(arguments: WholeEvent.all)
    func `no flipped bit gets out of the range`(_ event: [UInt8]) {
        var scanner = ObjectScanner(PathTable(AcceptedText.paths), wantsEveryScalar: true)
        for index in event.indices {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = event
                damaged[index] ^= 1 << bit
                switch scan(damaged, with: &scanner) {
                case .invalid(let error):
                    #expect((0...damaged.count).contains(error.byteOffset))
                case .valid(let object, let found):
                    #expect(object == 0..<damaged.count)
                    #expect(found.allSatisfy { $0.range.lowerBound > 0 && $0.range.upperBound < damaged.count })
                }
            }
        }
    }

    @Test(arguments: WholeEvent.all)
    func `no missing or doubled byte gets out of the range`(_ event: [UInt8]) {
        for index in event.indices {
            var shorter = event
            shorter.remove(at: index)
            var longer = event
            longer.insert(event[index], at: index)
            for bytes in [shorter, longer] {
                guard case .invalid(let error) = scan(bytes) else { continue }
                #expect((0...bytes.count).contains(error.byteOffset))
            }
        }
    }

    // MARK: - scanFirst

    @Test(arguments: ["", " ", "{}", "x", "}", "\u{0}", "\"", "\n{\"a\":2}"])
    func `scanFirst leaves alone what follows the object`(_ rest: String) throws {
        let bytes = Array((#" {"a":1}"# + rest).utf8)
        var scanner = ObjectScanner(PathTable([("a", 0)]))

        let object = try scanner.scanFirst(bytes.span.bytes, in: 0..<bytes.count)

        #expect(object == 1..<8)
        #expect(scanner.first(0)?.range == 6..<7)
        #expect(scanner.hits.count == 1)
    }

    @Test func `events one after the other are scanned from end to end`() throws {
        let bytes = Array(#"{"a":1}{"a":2} {"b":[]}{}"#.utf8)
        var scanner = ObjectScanner(PathTable([("a", 0)]))
        var start = 0
        var objects: [Range<Int>] = []
        while start < bytes.count {
            let object = try scanner.scanFirst(bytes.span.bytes, in: start..<bytes.count)
            objects.append(object)
            start = object.upperBound
        }

        #expect(objects == [0..<7, 7..<14, 15..<23, 23..<25])
    }

    @Test func `an empty range is named by its start`() {
        #expect(scan(Array("{} {}".utf8), in: 2..<3).error == ScanError(.empty, at: 2))
        #expect(scan(Array("{}".utf8), in: 2..<2).error == ScanError(.empty, at: 2))
    }

    @Test func `a range beyond the bytes is a programmer error`() async {
        await #expect(processExitsWith: .failure) {
            _ = scan(Array("{}".utf8), in: 0..<3)
        }
    }
}
