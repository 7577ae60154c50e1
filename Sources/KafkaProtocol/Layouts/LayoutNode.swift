// SPDX-License-Identifier: Apache-2.0

/// One field of one version of a message, 20 bytes small, in a row with those around it.
///
/// A structure is followed by the nodes of its fields: first those that are always there, in the order of the wire, then the
/// tagged ones. The message itself is a structure.
struct LayoutNode {
    enum Kind: UInt8 {
        case bool, int8, int16, uint16, int32, int64, float64, uuid
        case string
        /// Record batches are bytes too.
        case bytes
        case structure

        /// How many bytes every value has; nil where they differ.
        var fixedByteCount: Int? {
            switch self {
            case .bool, .int8: 1
            case .int16, .uint16: 2
            case .int32: 4
            case .int64, .float64: 8
            case .uuid: 16
            case .string, .bytes, .structure: nil
            }
        }
    }

    struct Marks: OptionSet {
        let rawValue: UInt32

        static let isArray = Marks(rawValue: 1)
        static let isNullable = Marks(rawValue: 1 << 1)
        /// Lengths are compact, structures end in tags: the version is flexible.
        static let isCompact = Marks(rawValue: 1 << 2)
        /// Walked, not kept.
        static let isQuiet = Marks(rawValue: 1 << 3)
        static let isSecret = Marks(rawValue: 1 << 4)
        /// Secret when the field that decides it, before it in the same structure, holds a sensitive name.
        static let isSecretByName = Marks(rawValue: 1 << 5)
        static let decidesSecrecy = Marks(rawValue: 1 << 6)
        /// Makes what is secret by name a secret when it is true.
        static let makesSecret = Marks(rawValue: 1 << 7)
        static let isNode = Marks(rawValue: 1 << 8)
        static let isHost = Marks(rawValue: 1 << 9)
        static let isPort = Marks(rawValue: 1 << 10)
        static let isEndpointKind = Marks(rawValue: 1 << 11)
        static let isDroppedUnmapped = Marks(rawValue: 1 << 12)
        static let isErrorCode = Marks(rawValue: 1 << 13)
        /// It or something in it is part of an endpoint.
        static let holdsEndpoint = Marks(rawValue: 1 << 14)

        static let aboutSecrets: Marks = [.isSecret, .isSecretByName, .decidesSecrecy, .makesSecret]
    }

    /// Into the table's names.
    var name: UInt16
    var kind: Kind
    var marks: Marks
    /// Below 0 for what has none.
    var tag: Int16
    /// Nodes of its fields, theirs included.
    var innerCount: UInt16 = 0
    /// Those among them that are not tagged.
    var untaggedCount: UInt16 = 0
    /// The least number of bytes of one element, or of the value.
    var minimumByteCount: UInt16 = 0
    /// How many fields from this one on have values of a fixed size each, and how many bytes these are together.
    ///
    /// 0 where this one has none. Partitions of topics are mostly such runs, and answers are mostly partitions.
    var fixedCount: UInt16 = 0
    var fixedByteCount: UInt16 = 0
    /// Into the table's hints; below 0 for none.
    var hint: Int16

    var isArray: Bool { marks.contains(.isArray) }
    var isCompact: Bool { marks.contains(.isCompact) }
    var isNullable: Bool { marks.contains(.isNullable) }
}

/// What only refusals need to know of a field.
struct LayoutHint {
    /// The request's arrays whose elements each get one here.
    var mirrors: [[Substring]] = []
    /// The field of the request's element that is repeated here.
    var key: String?
    /// What stands here when there is nothing to say.
    var standard: Int64 = 0
}
