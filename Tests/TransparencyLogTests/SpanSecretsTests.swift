// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing
import TransparencyLog

@Suite struct SpanSecretsTests {
    private let whole: SpanSecrets

    init() throws {
        whole = try SpanSecrets(span: 1, key: Samples.spanKey)
    }

    // MARK: - Salts

    @Test func `no two leaves have the same salts`() throws {
        let indices: [UInt64] = [65_536, 65_537, 65_791, 65_792, 131_071]
        let salts = try indices.map { try #require(whole.salts(at: $0)) }
        let all = salts.flatMap { [$0.body, $0.provenance] }

        #expect(Set(all).count == 10)
    }

    @Test(arguments: [0, 65_535, 131_072, .max] as [UInt64])
    func `indices of other spans have no salts here`(index: UInt64) {
        #expect(whole.salts(at: index) == nil)
        #expect(whole.bundle(around: index) == nil)
    }

    @Test func `a bundle's secrets are the span's`() throws {
        let bundle = try #require(whole.bundle(around: 70_000))

        #expect(bundle.firstIndex == 273 * 256)
        for index in 273 * 256..<274 * 256 as Range<UInt64> {
            #expect(bundle.salts(at: index) == whole.salts(at: index))
        }
        #expect(bundle.salts(at: bundle.firstIndex - 1) == nil)
        #expect(bundle.salts(at: bundle.firstIndex + 256) == nil)
    }

    @Test func `the last index there is has salts`() throws {
        let last = SpanSecrets.span(of: .max)
        var secrets = try SpanSecrets(span: last, key: Samples.spanKey)
        #expect(secrets.salts(at: .max) != nil)
        secrets.forget(.max)
        #expect(secrets.salts(at: .max) == nil)
        #expect(secrets.salts(at: .max - 1) != nil)
        secrets.forget(below: .max)
        #expect(secrets.isEmpty)
        #expect(throws: LeafError.self) { try SpanSecrets(span: last + 1, key: Samples.spanKey) }
    }

    @Test(arguments: [0, 16, 31, 33])
    func `a key of other than 32 bytes is refused`(count: Int) {
        #expect(throws: LeafError.self) { try SpanSecrets(span: 0, key: [UInt8](repeating: 7, count: count)) }
    }

    // MARK: - Forgetting

    @Test(arguments: [65_536, 70_000, 131_071] as [UInt64])
    func `what is forgotten is gone, and nothing else`(index: UInt64) throws {
        var secrets = whole
        secrets.forget(index)

        for other in 65_536..<131_072 as Range<UInt64>
        where other == index || other % 97 == 0 || other / 256 == index / 256 {
            #expect(secrets.salts(at: other) == (other == index ? nil : whole.salts(at: other)), "\(other)")
        }
        let bytes = secrets.encoded()
        #expect(!Self.contains(bytes, Samples.spanKey), "the key that leads to it")
        #expect(try Samples.secrets(bytes) == secrets)
    }

    @Test func `a span with one forgotten leaf has 16,628 bytes`() {
        var secrets = whole
        secrets.forget(70_000)
        #expect(secrets.encoded().count == 16_628)
    }

    @Test func `the forgotten salts are nowhere in the bytes`() throws {
        let salts = try #require(whole.salts(at: 70_000))
        let neighbour = try #require(whole.salts(at: 70_001))
        var secrets = whole
        secrets.forget(70_000)
        let bytes = secrets.encoded()

        #expect(!Self.contains(bytes, salts.body.bytes) && !Self.contains(bytes, salts.provenance.bytes))
        #expect(Self.contains(bytes, neighbour.body.bytes))
    }

    @Test func `forgetting twice, or elsewhere, changes nothing`() {
        var secrets = whole
        secrets.forget(1)
        secrets.forget(below: 65_536)
        secrets.forget(below: 12)
        #expect(secrets == whole)
        secrets.forget(70_000)
        let once = secrets
        secrets.forget(70_000)
        #expect(secrets == once)
    }

    @Test(arguments: [65_537, 65_792, 70_000, 70_144, 131_071] as [UInt64])
    func `below an index everything is forgotten`(index: UInt64) throws {
        var secrets = whole
        secrets.forget(below: index)

        for other in 65_536..<131_072 as Range<UInt64> where other % 61 == 0 || other / 256 == index / 256 {
            #expect(secrets.salts(at: other) == (other < index ? nil : whole.salts(at: other)), "\(other)")
        }
        #expect(!secrets.isEmpty)
        #expect(try Samples.secrets(secrets.encoded()) == secrets)
    }

    @Test func `a span of which nothing is left is empty`() throws {
        var atOnce = whole
        atOnce.forget(below: 131_072)
        #expect(atOnce.isEmpty && !whole.isEmpty)
        #expect(atOnce.encoded().count == 20 + 256)

        var leafByLeaf = whole
        leafByLeaf.forget(below: 131_072 - 256)
        for index in 131_072 - 256..<131_072 as Range<UInt64> { leafByLeaf.forget(index) }
        #expect(leafByLeaf == atOnce)
    }

    // MARK: - Bytes

    @Test func `a whole span has 52 bytes, as the format says`() throws {
        let bytes = whole.encoded()

        #expect(bytes.count == 52)
        #expect(Hex.encode(bytes.prefix(16)) == "4d4c534b010000000100000000000000")
        #expect(Array(bytes[16..<48]) == Samples.spanKey)
        #expect(Hex.encode(bytes.suffix(4)) == "2f943481")
        #expect(try Samples.secrets(bytes) == whole)
    }

    @Test func `every flipped bit, every prefix and every longer text is refused`() throws {
        var opened = whole
        opened.forget(below: 131_072 - 512)
        opened.forget(131_072 - 3)
        for bytes in [whole.encoded(), opened.encoded()] {
            for bit in 0..<(bytes.count * 8) {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << (bit % 8)
                #expect(throws: LeafError.self, "bit \(bit)") { try Samples.secrets(flipped) }
            }
            for count in 0..<bytes.count {
                #expect(throws: LeafError.self) { try Samples.secrets(Array(bytes.prefix(count))) }
            }
            #expect(throws: LeafError.self) { try Samples.secrets((bytes + [0])) }
        }
    }

    @Test func `bytes whose check fits make nothing crash`() throws {
        var opened = whole
        opened.forget(below: 131_072 - 512)
        opened.forget(131_072 - 3)
        let samples = [whole.encoded(), opened.encoded()]
        var random = SeededNumbers(seed: 4231)
        for round in 0..<2000 {
            var bytes = Array(samples[round % 2].dropLast(4))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[.random(in: 5..<bytes.count, using: &random)] = .random(in: 0...3, using: &random)
            }
            if round.isMultiple(of: 3) { bytes.removeLast(.random(in: 0...(bytes.count - 16), using: &random)) }
            let read = try? Samples.secrets(Self.checked(bytes))
            if let read { #expect(read.encoded() == Self.checked(bytes)) }
        }
    }

    @Test(
        arguments: [
            (0, [0x6D], .wrongMagic),
            (4, [2], .unsupportedVersion),
            (5, [2], .inconsistent),
            (6, [1], .inconsistent),
            (7, [1], .inconsistent),
            (8, [0, 0, 0, 0, 0, 0, 1], .inconsistent),
            (5, [1], .wrongByteCount),
        ] as [(Int, [UInt8], LeafError.Code)]
    )
    func `what this version does not know is refused`(offset: Int, edit: [UInt8], code: LeafError.Code) {
        var bytes = Array(whole.encoded().dropLast(4))
        bytes.replaceSubrange(offset..<offset + edit.count, with: edit)

        #expect(Self.refusal(Self.checked(bytes)) == code)
    }

    @Test(arguments: [0x00, 0xFF] as [UInt8])
    func `an opened bundle with none or all of its leaves is refused`(bits: UInt8) {
        let head = Array(whole.encoded().prefix(5)) + [1, 0, 0] + Array(whole.encoded()[8..<16])
        let salts = [UInt8](repeating: 9, count: bits == 0 ? 0 : 256 * 32)
        let bytes = head + [2] + [UInt8](repeating: bits, count: 32) + salts + [UInt8](repeating: 0, count: 255)

        #expect(Self.refusal(Self.checked(bytes)) == .inconsistent)
    }

    @Test func `secrets are not printed`() throws {
        let bundle = try #require(whole.bundle(around: 65_536))
        #expect("\(whole)" == "SpanSecrets(span 1, redacted)")
        #expect("\(bundle)" == "BundleSecrets(redacted)")
        #expect(Mirror(reflecting: whole).children.isEmpty && Mirror(reflecting: bundle).children.isEmpty)
    }

    // MARK: - Parts

    private static func refusal(_ bytes: [UInt8]) -> LeafError.Code? {
        do throws(LeafError) {
            _ = try Samples.secrets(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private static func checked(_ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(bytes)
        writer.append(CRC32C.checksum(bytes.span.bytes))
        return writer.bytes
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        (0...(bytes.count - part.count)).contains { bytes[$0] == part[0] && Array(bytes[$0..<$0 + part.count]) == part }
    }
}
