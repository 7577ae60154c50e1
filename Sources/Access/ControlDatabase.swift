// SPDX-License-Identifier: Apache-2.0

internal import GRDB
private import Glibc

/// Opens `control.sqlite`: the file's protection, SQLite's settings, and the tables.
///
/// The file is shared with other processes (`martlet token` beside a running server) and with tables of other
/// parts of Martlet; migrations of this target begin with `access-`.
enum ControlDatabase {
    private static let migrationPrefix = "access-"

    /// - Throws: `storeUnprotected`, `storeTooNew`, `storeDamaged` or `storeUnavailable`.
    static func open(path: String) throws(AccessError) -> DatabaseQueue {
        try protectFile(path: path)
        do {
            var configuration = Configuration()
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(Limits.busyTimeoutSeconds)
            configuration.label = "control"
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // GRDB leaves a WAL database at NORMAL, where a power cut may undo the last commits: a revoked token
            // would be back. It is set here because GRDB's own setting runs after `prepareDatabase`.
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            try migrate(queue)
            return queue
        } catch {
            throw AccessError(mapping: error, file: path)
        }
    }

    // MARK: - Protection

    /// Makes the file with mode 0600 before SQLite would make it with the process's umask.
    ///
    /// Its `-wal` and `-shm` companions get their mode from it.
    ///
    /// An existing file is examined by name and not opened: closing a descriptor drops every POSIX lock that the
    /// process has on the file, also those of an SQLite connection that is already open.
    private static func protectFile(path: String) throws(AccessError) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
            try syncDirectory(of: path)
            return
        }
        guard errno == EEXIST else { throw unavailable("cannot be created", path: path, errorNumber: errno) }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw unavailable("cannot be examined", path: path, errorNumber: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AccessError(.storeUnprotected, "is not a regular file", file: path)
        }
        let permissions = status.st_mode & 0o777
        guard permissions & 0o077 == 0 else {
            let octal = String(permissions, radix: 8)
            throw AccessError(
                .storeUnprotected,
                "has mode 0\(octal): other users can reach it; chmod it to 0600",
                file: path
            )
        }
    }

    /// Makes the new file's name survive a power cut; SQLite does that for its journals only.
    private static func syncDirectory(of path: String) throws(AccessError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unavailable("cannot be opened", path: directory, errorNumber: errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw unavailable("cannot be synced", path: directory, errorNumber: errno)
        }
    }

    private static func unavailable(_ what: String, path: String, errorNumber: Int32) -> AccessError {
        AccessError(.storeUnavailable, "\(what): \(String(cString: strerror(errorNumber)))", file: path)
    }

    // MARK: - Tables

    private static func migrate(_ queue: DatabaseQueue) throws {
        var migrator = DatabaseMigrator()
        // Version 1. Times are nanoseconds since 1970-01-01T00:00:00Z, secretHash is hexadecimal. STRICT makes SQLite
        // check the types.
        migrator.registerMigration("\(migrationPrefix)0001-token") { database in
            try database.execute(
                sql: """
                    CREATE TABLE token (
                        id TEXT PRIMARY KEY NOT NULL,
                        name TEXT NOT NULL,
                        secretHash TEXT NOT NULL CHECK (length(secretHash) = 64),
                        scopes TEXT NOT NULL,
                        created INTEGER NOT NULL,
                        expires INTEGER,
                        lastUsed INTEGER,
                        revoked INTEGER
                    ) STRICT, WITHOUT ROWID
                    """
            )
        }
        let known = Set(migrator.migrations)
        let applied = try queue.read { try migrator.appliedIdentifiers($0) }
        if let unknown = applied.filter({ $0.hasPrefix(migrationPrefix) }).subtracting(known).min() {
            throw AccessError(.storeTooNew, "was written by a later version (it has \"\(unknown)\")")
        }
        try migrator.migrate(queue)
    }
}

extension AccessError {
    /// What an error of SQLite means for us; an error of ours stays, with the file added.
    init(mapping error: any Error, file: String) {
        if let known = error as? AccessError {
            self.init(known.code, known.message, tokenID: known.tokenID, file: known.file ?? file, cause: known.cause)
            return
        }
        guard let failure = error as? DatabaseError else {
            self.init(.storeUnavailable, "could not be used: \(error)", file: file, cause: error)
            return
        }
        switch failure.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_ERROR:
            self.init(.storeDamaged, "is damaged: \(failure.message ?? "no details")", file: file, cause: error)
        default:
            self.init(
                .storeUnavailable,
                "could not be used: \(failure.message ?? "no details")",
                file: file,
                cause: error
            )
        }
    }
}
