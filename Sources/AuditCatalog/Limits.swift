// SPDX-License-Identifier: Apache-2.0

/// Limits of the catalogue; a data file beyond one is refused as a whole.
package enum CatalogLimits {
    /// Some sixty times the file we ship: a corrected file passes, a wrong file named by mistake does not fill memory.
    package static let maximumFileBytes = 4 << 20

    /// The version of the file's layout that this program reads.
    ///
    /// It rises when an older program would misread the file.
    package static let schemaVersion = 1
}
