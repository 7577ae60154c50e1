// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The protected file of a span.
///
/// Version 1; integers little-endian; normative: docs/formats/leaf.md.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 4 | magic `MLSK` |
/// | 4 | 1 | version, 1; readers refuse others |
/// | 5 | 1 | form: 0 whole, 1 opened; readers refuse others |
/// | 6 | 2 | zeros; readers refuse others |
/// | 8 | 8 | number of the span |
/// | 16 | | whole: the key, 32 bytes. Opened: 256 bundles |
/// | end − 4 | 4 | CRC-32C of everything before |
///
/// A bundle is one byte and what it says: 0, gone, nothing; 1, whole, its key in 32 bytes; 2, opened, 32 bytes of bits, of
/// which bit j % 8 of byte j / 8 says whether leaf j's salts are there, and 32 bytes of salts for each that is.
extension SpanSecrets {
    private static let magic: UInt32 = 0x4B53_4C4D
    private static let version: UInt8 = 1
    private static let headerByteCount = 16
    private static let checksumByteCount = 4

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.append(Self.magic)
        writer.append(Self.version)
        switch form {
        case .whole(let key):
            writer.append([0, 0, 0])
            writer.append(span)
            key.append(to: &writer)
        case .opened(let bundles):
            writer.append([1, 0, 0])
            writer.append(span)
            for bundle in bundles { Self.append(bundle, to: &writer) }
        }
        unsafe writer.append(CRC32C.checksum(writer.bytes.span.bytes))
        return writer.bytes
    }

    private static func append(_ bundle: BundleForm, to writer: inout ByteWriter) {
        switch bundle {
        case .gone:
            writer.append(UInt8(0))
        case .whole(let key):
            writer.append(UInt8(1))
            key.append(to: &writer)
        case .opened(let salts):
            writer.append(UInt8(2))
            for first in stride(from: 0, to: salts.count, by: 8) {
                var bits: UInt8 = 0
                for place in 0..<8 where salts[first + place] != nil { bits |= 1 << UInt8(place) }
                writer.append(bits)
            }
            for case .some(let salts) in salts { salts.append(to: &writer) }
        }
    }

    /// Reads a file that is exactly these bytes.
    ///
    /// - Throws: `wrongByteCount`, `wrongMagic`, `unsupportedVersion`, `checksumMismatch`, `inconsistent`.
    package init(decoding bytes: RawSpan) throws(LeafError) {
        let least = Self.headerByteCount + Self.checksumByteCount
        guard (least...LeafLimits.maximumSecretsByteCount).contains(bytes.byteCount) else {
            throw LeafError(.wrongByteCount, "\(bytes.byteCount) bytes are no span's secrets")
        }
        guard bytes.halfWord(at: 0) == Self.magic else {
            throw LeafError(.wrongMagic, "no secrets of a span begin like this")
        }
        guard bytes.byte(at: 4) == Self.version else {
            throw LeafError(.unsupportedVersion, "secrets of version \(bytes.byte(at: 4)), known is \(Self.version)")
        }
        let end = bytes.byteCount - Self.checksumByteCount
        guard CRC32C.checksum(bytes.extracting(0..<end)) == bytes.halfWord(at: end) else {
            throw LeafError(.checksumMismatch, "the checksum of a span's secrets does not fit")
        }
        guard bytes.byte(at: 5) <= 1, bytes.byte(at: 6) == 0, bytes.byte(at: 7) == 0 else {
            throw LeafError(.inconsistent, "form \(bytes.byte(at: 5)) of a span's secrets is not of this version")
        }
        var reader = SecretsReader(from: Self.headerByteCount, to: end)
        let form: Form
        if bytes.byte(at: 5) == 0 {
            form = .whole(key: LogHash(at: try reader.take(LogHash.byteCount), of: bytes))
        } else {
            var bundles: [BundleForm] = []
            for _ in 0..<Self.bundleCount { bundles.append(try reader.takeBundle(of: bytes)) }
            form = .opened(bundles)
        }
        guard reader.isAtEnd else {
            throw LeafError(.wrongByteCount, "there are bytes behind the last secret of a span")
        }
        try self.init(span: bytes.word(at: 8), form: form)
    }
}

/// Takes the parts of a file that was compared with its checksum, never past its end.
private struct SecretsReader {
    private var offset: Int
    private let end: Int

    init(from offset: Int, to end: Int) {
        self.offset = offset
        self.end = end
    }

    var isAtEnd: Bool { offset == end }

    mutating func take(_ count: Int) throws(LeafError) -> Int {
        guard count <= end - offset else {
            throw LeafError(.wrongByteCount, "the secrets of a span end too early")
        }
        defer { offset += count }
        return offset
    }

    mutating func takeBundle(of bytes: RawSpan) throws(LeafError) -> SpanSecrets.BundleForm {
        switch bytes.byte(at: try take(1)) {
        case 0: return .gone
        case 1: return .whole(key: LogHash(at: try take(LogHash.byteCount), of: bytes))
        case 2:
            let bits = try take(Int(SpanSecrets.bundleLeafCount) / 8)
            var salts: [LeafSalts?] = []
            for place in 0..<Int(SpanSecrets.bundleLeafCount) {
                let isThere = bytes.byte(at: bits + place / 8) >> UInt8(place % 8) & 1 == 1
                salts.append(isThere ? LeafSalts(at: try take(LeafSalts.byteCount), of: bytes) : nil)
            }
            // An opened bundle was opened to forget a leaf of it, and with the last one it is gone.
            guard salts.contains(nil), salts.contains(where: { $0 != nil }) else {
                throw LeafError(.inconsistent, "an opened bundle has forgotten none of its leaves, or all")
            }
            return .opened(salts)
        case let other:
            throw LeafError(.inconsistent, "a bundle's secrets in form \(other)")
        }
    }
}
