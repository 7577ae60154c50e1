// SPDX-License-Identifier: Apache-2.0

import AuditCatalog

/// Which catalogue commands use: a corrected one where it is named, else the one inside the program.
enum CatalogChoice {
    /// The catalogue in a file of the command line; else the setting's environment variable counts, as for a server.
    static func load(_ file: String? = nil) throws -> Catalog {
        guard let file = file ?? Terminal.environment(Setting.catalogFile.environmentVariable) else {
            return try Catalog.embedded()
        }
        return try Catalog(json: try SmallFile.bytes(of: file))
    }
}
