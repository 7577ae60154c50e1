// SPDX-License-Identifier: Apache-2.0

private import CBytes

/// Finds a short text in a long one, with vector instructions.
enum TextSearch {
    /// The first place from `start` on where a text, which must not be empty, stands; nil when there is none.
    static func first(_ text: [UInt8], in all: [UInt8], from start: Int) -> Int? {
        precondition(!text.isEmpty && start >= 0)
        guard start < all.count else { return nil }
        let place = unsafe all.withUnsafeBytes { all in
            unsafe text.withUnsafeBytes { text in
                // SAFETY: both pointers are valid inside the closures for the counts given.
                unsafe martlet_find(all.baseAddress, all.count, start, text.baseAddress, text.count)
            }
        }
        return place < all.count ? place : nil
    }
}
