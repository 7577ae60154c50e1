// SPDX-License-Identifier: Apache-2.0

/// The header of an entry of a POSIX ustar archive (IEEE Std 1003.1, pax, "ustar Interchange Format").
///
/// 512 bytes; numbers are octal digits in ASCII. A pack's headers differ in name, size and check only, so that one file
/// has one header:
///
/// | offset | size | meaning | here |
/// |---|---|---|---|
/// | 0 | 100 | name | at most 99 bytes, then zeros |
/// | 100 | 8 | mode | `0000644`, zero |
/// | 108 | 8 | user | `0000000`, zero |
/// | 116 | 8 | group | `0000000`, zero |
/// | 124 | 12 | size | 11 digits, zero |
/// | 136 | 12 | modified | `02263525600`, zero: 1980-01-01T00:00:00Z |
/// | 148 | 8 | check | 6 digits, zero, space: sum of all bytes, with eight spaces here |
/// | 156 | 1 | type | `0`, a file |
/// | 157 | 100 | link | zeros |
/// | 257 | 8 | magic, version | `ustar`, zero, `00` |
/// | 265 | 235 | owner's names, device, prefix | zeros, but the device's numbers `0000000`, zero |
/// | 500 | 12 | | zeros |
package enum TarHeader {
    package static let blockByteCount = 512

    /// Behind the last entry.
    package static let endByteCount = 2 * blockByteCount

    /// Long ago, and not so long that tar warns of it.
    private static let modifiedSeconds = 315_532_800

    /// The header of a file without name, size and check.
    private static let common: [UInt8] = {
        var header = [UInt8](repeating: 0, count: blockByteCount)
        put(octal(0o644, 7), at: 100, of: &header)
        put(octal(0, 7), at: 108, of: &header)
        put(octal(0, 7), at: 116, of: &header)
        put(octal(modifiedSeconds, 11), at: 136, of: &header)
        put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148, of: &header)
        header[156] = UInt8(ascii: "0")
        put(Array("ustar\0".utf8) + Array("00".utf8), at: 257, of: &header)
        put(octal(0, 7), at: 329, of: &header)
        put(octal(0, 7), at: 337, of: &header)
        return header
    }()

    private static let commonSum = common.reduce(0) { $0 + Int($1) }

    /// The header of a file.
    ///
    /// Traps for a name of more than 99 bytes, or a size that needs more than eleven octal digits: neither comes from outside.
    package static func encode(_ name: String, byteCount: Int) -> [UInt8] {
        precondition(name.utf8.count < 100 && (0...PackLimits.maximumEntryByteCount).contains(byteCount))
        let (name, count) = (Array(name.utf8), octal(byteCount, 11))
        var header = common
        put(name, at: 0, of: &header)
        put(count, at: 124, of: &header)
        let sum = (name + count).reduce(commonSum) { $0 + Int($1) }
        put(octal(sum, 6) + [0], at: 148, of: &header)
        return header
    }

    /// The size that a header says, whatever else is in it; nil when there are no eleven octal digits.
    package static func byteCount(of header: [UInt8]) -> Int? {
        guard header.count == blockByteCount else { return nil }
        var count = 0
        for digit in header[124..<135] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            count = count << 3 | Int(digit - UInt8(ascii: "0"))
        }
        return count
    }

    /// Zeros between a file of so many bytes and the next header.
    package static func paddingByteCount(behind byteCount: Int) -> Int {
        (blockByteCount - byteCount % blockByteCount) % blockByteCount
    }

    /// Bytes that an entry takes, header and padding included.
    package static func entryByteCount(of byteCount: Int) -> Int {
        blockByteCount + byteCount + paddingByteCount(behind: byteCount)
    }

    private static func octal(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return Array((String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits).utf8)
    }

    private static func put(_ bytes: [UInt8], at offset: Int, of header: inout [UInt8]) {
        for (place, byte) in bytes.enumerated() { header[offset + place] = byte }
    }
}
