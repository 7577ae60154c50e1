// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import KafkaProtocol
import Testing

/// Every layout against random messages that kio made.
@Suite(.enabled(if: Kio.isThere, "kio is not installed for \(Kio.python)"))
struct KioDecodingTests {
    @Test(arguments: 1...4)
    func `messages of every layout have the values that kio gave them`(seed: Int) throws {
        let samples = try Kio.samples(seed: "values \(seed)", countOfEach: 25)
        var layouts: Set<String> = []

        for sample in samples {
            let fields = try sample.decoded()
            #expect(Shown(fields).text == sample.shown, "\(sample.name), seed \(seed): \(Hex.encode(sample.bytes))")
            layouts.insert(sample.name)
        }

        #expect(layouts.count == 604)
    }

    @Test func `what is not kept is only what the description marks as quiet`() throws {
        for sample in try Kio.samples(seed: "quiet", countOfEach: 2) {
            let all = try sample.decoded()
            let audited = try sample.decoded(.audited)

            #expect(audited.isPart(of: all), "\(sample.name): \(Hex.encode(sample.bytes))")
        }
    }

    @Test func `every message that ends too early is truncated`() throws {
        var random = SeededNumbers(seed: 2)
        for sample in try Kio.samples(seed: "cut", countOfEach: 2) {
            var ends = Array(0..<min(sample.bytes.count, 60))
            if sample.bytes.count > 60 {
                ends += (0..<60).map { _ in Int.random(in: 60..<sample.bytes.count, using: &random) }
            }
            for end in ends {
                let part = Array(sample.bytes[..<end])
                for keeping in [MessageDecoder.Keeping.audited, .everything] {
                    let problem = problem(of: part, sample, keeping)
                    #expect(problem == .truncated, "\(sample.name) cut at \(end): \(Hex.encode(sample.bytes))")
                }
            }
        }
    }

    @Test func `what follows a message is ignored`() throws {
        for var sample in try Kio.samples(seed: "tail", countOfEach: 1) {
            let fields = try sample.decoded()
            sample.bytes += [1, 0, 0]

            #expect(try sample.decoded() == fields, "\(sample.name)")
        }
    }

    @Test func `damaged messages do no harm`() throws {
        var random = SeededNumbers(seed: 1)
        for sample in try Kio.samples(seed: "damage", countOfEach: 2) {
            for _ in 0..<20 {
                var bytes = sample.bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                    bytes[Int.random(in: bytes.indices, using: &random)] =
                        [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
                }
                // Nothing is known of the outcome but that there is one.
                _ = problem(of: bytes, sample, .everything)
                _ = problem(of: bytes, sample, .audited)
                _ = try? AnswerRewriter.rewrite(bytes.span.bytes, sample.api, version: sample.version) { _ in nil }
                _ = try? RequestHeader.read(bytes.span.bytes)
                _ = try? AnswerRewriter.capVersions(&bytes, version: sample.version)
            }
        }
    }

    private func problem(
        of bytes: [UInt8],
        _ sample: Kio.Sample,
        _ keeping: MessageDecoder.Keeping
    ) -> KafkaFormatError.Problem? {
        do throws(KafkaFormatError) {
            _ = try MessageDecoder()
                .decode(bytes.span.bytes, sample.api, version: sample.version, sample.direction, keeping: keeping)
            return nil
        } catch {
            return error.problem
        }
    }
}

extension KafkaFields {
    /// Whether all that is here is there too, in the same order.
    fileprivate func isPart(of other: KafkaFields) -> Bool {
        var rest = other.all[...]
        for field in all {
            guard let place = rest.firstIndex(where: { $0.name == field.name }) else { return false }
            guard field.value.isPart(of: rest[place].value) else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }
}

extension KafkaValue {
    fileprivate func isPart(of other: KafkaValue) -> Bool {
        switch (self, other) {
        case (.fields(let mine), .fields(let theirs)): mine.isPart(of: theirs)
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isPart(of: $1) }
        default:
            Shown(KafkaFields([.init(name: "", value: self)])).text
                == Shown(KafkaFields([.init(name: "", value: other)])).text
        }
    }
}
