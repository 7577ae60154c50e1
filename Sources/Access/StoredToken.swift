// SPDX-License-Identifier: Apache-2.0

internal import ByteCoding
internal import GRDB

/// A row of the table of tokens, checked: the file may have been changed by other hands.
struct StoredToken: Sendable {
    let record: TokenRecord
    /// SHA-256 of the secret's characters.
    let secretHash: [UInt8]

    /// - Throws: `storeDamaged`.
    init(row: Row) throws(AccessError) {
        do {
            guard let hash = Hex.decode(try row.decode(String.self, forColumn: "secretHash")), hash.count == 32 else {
                throw AccessError(.storeDamaged, "a token's hash is not 32 bytes in hexadecimal")
            }
            secretHash = hash
            record = TokenRecord(
                id: try row.decode(String.self, forColumn: "id"),
                name: try row.decode(String.self, forColumn: "name"),
                scopes: try Scope(parsing: row.decode(String.self, forColumn: "scopes")),
                created: .nanoseconds(try row.decode(Int64.self, forColumn: "created")),
                expires: try row.decode(Int64?.self, forColumn: "expires").map(Duration.nanoseconds),
                lastUsed: try row.decode(Int64?.self, forColumn: "lastUsed").map(Duration.nanoseconds),
                revoked: try row.decode(Int64?.self, forColumn: "revoked").map(Duration.nanoseconds)
            )
        } catch let error as AccessError {
            throw AccessError(.storeDamaged, "a token's row cannot be read: \(error.message)")
        } catch {
            // GRDB's text shows the whole row, the hash included.
            throw AccessError(.storeDamaged, "a token's row holds a value of the wrong type")
        }
    }
}

extension Duration {
    /// Whole nanoseconds; beyond the range of the store's integers (the year 2262), the last of them.
    var clampedNanoseconds: Int64 {
        Int64(clamping: attoseconds / 1_000_000_000)
    }
}
