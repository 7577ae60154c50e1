// SPDX-License-Identifier: Apache-2.0

/// The bytes of one simulated file: what programs see, what the platter has, and what is on the way.
///
/// `seen` is the page cache. `durable` is what a power cut leaves for certain. `pending` are the changes between the two,
/// in order; a power cut keeps any subset of their sectors.
struct SimulatedContents: Sendable {
    /// The unit that a disk writes whole or not at all, mostly.
    static let sectorByteCount = 512

    private(set) var seen: [UInt8] = []
    private(set) var durable: [UInt8] = []
    private(set) var pending: [Change] = []

    enum Change: Sendable {
        case write([UInt8], offset: Int)
        case resize(Int)
    }

    /// What programs see after a change; it may be lost until `sync`.
    mutating func change(_ change: Change) {
        Self.apply(change, to: &seen)
        pending.append(change)
    }

    /// A write that bypasses the cache and is on the platter at once.
    mutating func writeThrough(_ bytes: [UInt8], at offset: Int) {
        sync()
        Self.apply(.write(bytes, offset: offset), to: &seen)
        Self.apply(.write(bytes, offset: offset), to: &durable)
    }

    mutating func sync() {
        for change in pending { Self.apply(change, to: &durable) }
        pending = []
    }

    /// What Linux does when a sync fails: the changes are not on the platter, stay in the cache, and count as clean, so
    /// that the next sync succeeds without writing them.
    mutating func forgetPending() {
        pending = []
    }

    /// What is read once the cache has been dropped.
    mutating func dropCache() {
        sync()
        seen = durable
    }

    /// Changes bytes where they lie, as a failing disk does.
    mutating func corrupt(_ edit: (inout [UInt8]) -> Void) {
        sync()
        edit(&durable)
        seen = durable
    }

    /// The contents after a power cut.
    mutating func crash(_ survival: inout Survival) {
        for change in pending {
            switch change {
            case .resize:
                if survival.keepsNext() { Self.apply(change, to: &durable) }
            case .write(let bytes, let offset):
                var start = 0
                while start < bytes.count {
                    let sectorEnd = ((offset + start) / Self.sectorByteCount + 1) * Self.sectorByteCount
                    let end = min(bytes.count, sectorEnd - offset)
                    let kept = survival.keptByteCount(ofSector: end - start)
                    if kept > 0 {
                        Self.apply(.write(Array(bytes[start..<start + kept]), offset: offset + start), to: &durable)
                    }
                    start = end
                }
            }
        }
        pending = []
        seen = durable
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .resize(let count):
            if count <= bytes.count {
                bytes.removeLast(bytes.count - count)
            } else {
                bytes.append(contentsOf: [UInt8](repeating: 0, count: count - bytes.count))
            }
        case .write(let new, let offset):
            if bytes.count < offset + new.count { apply(.resize(offset + new.count), to: &bytes) }
            bytes.withUnsafeMutableBytes { target in
                new.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + source.count]).copyMemory(
                        from: source
                    )
                }
            }
        }
    }
}

/// Which of the changes on the way a power cut leaves.
package enum Survival: Sendable {
    case nothing
    case everything
    /// Each sector and each name by the throw of a die; one sector in sixteen is torn, so that only its start is new.
    case random(SeededGenerator)

    package static func random(seed: UInt64) -> Survival {
        .random(SeededGenerator(seed: seed))
    }

    mutating func keepsNext() -> Bool {
        switch self {
        case .nothing: return false
        case .everything: return true
        case .random(var generator):
            let keeps = generator.isOneIn(2)
            self = .random(generator)
            return keeps
        }
    }

    mutating func keptByteCount(ofSector byteCount: Int) -> Int {
        switch self {
        case .nothing: return 0
        case .everything: return byteCount
        case .random(var generator):
            let draw = generator.below(16)
            let kept = draw == 0 ? generator.below(byteCount) : draw < 8 ? 0 : byteCount
            self = .random(generator)
            return kept
        }
    }
}
