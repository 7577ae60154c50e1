// SPDX-License-Identifier: Apache-2.0

/// What stands beside copied segments: how the bytes of each have to be.
///
/// A line for each, `<CRC-32C in hexadecimal>  <bytes>  <file name>`, sorted by name.
struct SegmentListing: Equatable {
    static let fileName = "segments.txt"

    struct Entry: Equatable {
        var checksum: UInt32
        var byteCount: Int
    }

    var entries: [String: Entry] = [:]

    init() {}

    /// Lines that are none of ours are passed over: they only ever add to what is checked.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, words[0].utf8.count == 8, let checksum = UInt32(words[0], radix: 16),
                let byteCount = Int(words[1])
            else { continue }
            let name = words[2].drop { $0 == " " }
            entries[String(name)] = Entry(checksum: checksum, byteCount: byteCount)
        }
    }

    var text: String {
        entries.sorted { $0.key < $1.key }.map { name, entry in
            let digits = String(entry.checksum, radix: 16)
            return "\(String(repeating: "0", count: 8 - digits.count))\(digits)  \(entry.byteCount)  \(name)\n"
        }.joined()
    }
}
