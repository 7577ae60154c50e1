// SPDX-License-Identifier: Apache-2.0

/// What the columns of one segment may cost.
///
/// An event past any of these is stored raw: its bytes as they came, in one column without a path. Nothing is refused
/// and nothing is lost; only columns are missing for it.
package struct SegmentLimits: Sendable, Equatable {
    /// Shapes of a segment, the raw one included; below 65,536, because a row names its shape in 16 bits.
    ///
    /// Services of one kind have some thirty. Beyond thousands the shapes' own text is no longer small beside the rows'.
    package var maximumShapeCount = 4096

    /// Columns of a segment, the raw one included.
    ///
    /// Readers of Parquet load the description of every column of a row group before the first value.
    package var maximumColumnCount = 1024

    /// Values of one event.
    ///
    /// Real events reach 60.
    package var maximumLeafCount = 512

    /// Elements of an array that become columns of their own; a longer array is one value, its JSON text.
    ///
    /// Each length of an array is another shape, so that long ones would use up the shapes.
    package var maximumElementCount = 16

    /// Objects and arrays inside each other.
    package var maximumDepth = 64

    /// Bytes of a column's path.
    package var maximumPathByteCount = 1024

    /// Bytes of literal text of all shapes together.
    package var maximumLiteralByteCount = 16 << 20

    /// Whether the type of a path's column depends on the path and not on the values that a segment happens to have: times
    /// are the column `time` alone, unquoted whole numbers are numbers, and all else is text.
    ///
    /// Readers of many segments demand one type for one name: with UUIDs as 16 bytes in one segment and text in the next,
    /// pyarrow refuses a directory, and DuckDB makes bytes of both. It costs 2.5 bytes for each UUID; hexadecimal text
    /// compresses to its bytes.
    package var hasStableTypes = true

    /// Bytes of one column's dictionary; beyond it the column keeps its values one by one.
    package var maximumDictionaryByteCount = 64 << 20

    /// Bytes of the events of one segment, so that every offset fits 32 bits.
    ///
    /// One event more is an error, not a raw event: the caller seals by size long before.
    package var maximumByteCount = 2 << 30

    /// Events refused for want of a shape or a column before learning stops.
    ///
    /// A parse for each event of a corpus that is past the limits anyway would buy nothing.
    package var maximumRefusalCount = 1024

    /// Paths whose objects and arrays are one value each: what they hold depends on the method.
    package var payloadPaths = ["data.request.data", "data.result.data"]

    /// Values that are usually made of another value of the same event.
    ///
    /// Where the relation holds the shape says so, and the value is not stored a second time. The list is part of what
    /// readers are told, since their view of the derived column is `coalesce(column, base)`. At most eight count.
    package var relations = [
        SegmentRelation("subject", of: "data.resourceName"),
        SegmentRelation("data.request.clientId", of: "data.requestMetadata.clientId"),
        SegmentRelation(
            "data.authorizationInfo.resourceName",
            of: "data.resourceName",
            by: .afterLastEqualsSign
        ),
        SegmentRelation("data.authorizationInfo.actingPrincipal", of: "data.authenticationInfo.principal"),
        SegmentRelation("data.authorizationInfo.assignedPrincipals[0]", of: "data.authenticationInfo.principal"),
    ]

    package init() {}
}

/// How a value is made of another one of the same event.
package enum LeafTransform: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// It is the same text.
    case whole = 0
    /// It is what follows the last `=`: the name of a resource, of its CRN.
    case afterLastEqualsSign = 1
}

/// A relation that may hold between two values of an event.
package struct SegmentRelation: Sendable, Equatable {
    package let derivedPath: String
    package let basePath: String
    package let transform: LeafTransform

    package init(_ derivedPath: String, of basePath: String, by transform: LeafTransform = .whole) {
        self.derivedPath = derivedPath
        self.basePath = basePath
        self.transform = transform
    }
}
