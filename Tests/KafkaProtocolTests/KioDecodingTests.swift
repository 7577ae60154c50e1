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
            let fields = try decoded(sample, keeping: .everything)
            #expect(Shown(fields).text == sample.shown, "\(sample.name), seed \(seed): \(Hex.encode(sample.bytes))")
            layouts.insert(sample.name)
        }

        #expect(layouts.count == 604)
    }

    private func decoded(_ sample: Kio.Sample, keeping: MessageDecoder.Keeping) throws -> KafkaFields {
        try MessageDecoder().decode(sample.bytes.span.bytes, sample.api, version: sample.version, sample.direction, keeping: keeping)
    }
}
