// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct JSONKindTests {
    @Test func `strings, scalars and containers`() {
        let all: [JSONKind] = [.string, .escapedString, .number, .true, .false, .null, .object, .array]
        #expect(all.filter(\.isString) == [.string, .escapedString])
        #expect(all.filter { !$0.isScalar } == [.object, .array])
        #expect(all.map(\.rawValue) == Array(0..<8))
    }
}
