// SPDX-License-Identifier: Apache-2.0

import FuzzChecks

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKafkaProtocol(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // SAFETY: libFuzzer hands over `count` readable bytes, which are copied before anything else happens.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        try MessageFuzz.check(input)
    } catch {
        // SAFETY: ending the process is how libFuzzer hears of a find.
        fatalError("\(error)")
    }
    return 0
}
