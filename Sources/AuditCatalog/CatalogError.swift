// SPDX-License-Identifier: Apache-2.0

/// Why a catalogue's data file was refused.
package struct CatalogError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is longer than `CatalogLimits.maximumFileBytes`.
        case tooLarge
        /// The bytes are no JSON.
        case notJSON
        /// A key is missing or unknown, or its value has the wrong JSON type.
        case wrongShape
        /// The file has a layout that this program does not read.
        case unsupportedVersion
        /// A text that has to say something is empty.
        case empty
        /// A name stands twice where it may stand once.
        case duplicate
        /// A name refers to something that the file does not declare.
        case unknownReference
    }

    package let code: Code
    /// Lower case, no trailing stop.
    package let message: String
    /// Where in the file, as in `families[2].categories[0].methods[3].certainty`; empty for the file as a whole.
    package let path: String

    package var description: String {
        path.isEmpty ? message : "\(path): \(message)"
    }
}
