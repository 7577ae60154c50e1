// SPDX-License-Identifier: Apache-2.0

extension ShreddedColumn {
    /// The entries whose text may have a text in it; nil when only looking at each entry can tell.
    ///
    /// Looks through all entries at once, which is possible where they stand as they are, without escapes, and where the
    /// letters' case does not matter because there are none.
    package func entries(holding text: [UInt8]) -> [Int]? {
        guard kind == .text, case .variable(let offsets, let bytes) = entries, !text.isEmpty,
            !text.contains(where: {
                WordText.lowercase($0) >= UInt8(ascii: "a") && WordText.lowercase($0) <= UInt8(ascii: "z")
            }),
            TextSearch.first([UInt8(ascii: "\\")], in: bytes, from: 0) == nil
        else { return nil }
        var found: [Int] = []
        var start = 0
        var entry = 0
        while let place = TextSearch.first(text, in: bytes, from: start) {
            // The entry that the place is in: the last that begins at or before it.
            var (low, high) = (entry, offsets.count - 1)
            while high - low > 1 {
                let middle = (low + high) / 2
                if Int(offsets[middle]) <= place { low = middle } else { high = middle }
            }
            entry = low
            // What goes over an entry's end is in none.
            if place + text.count <= Int(offsets[entry + 1]), found.last != entry { found.append(entry) }
            start = place + 1
        }
        return found
    }
}
