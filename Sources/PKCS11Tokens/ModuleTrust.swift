internal import Glibc

/// The rule for files that are loaded into this process: only root and the user can change them.
enum ModuleTrust {
    /// Returns the path without links, which is the one to load.
    ///
    /// Throws `PKCS11Error` unless `path` is absolute, and the file and all folders above it belong
    /// to root or the user and cannot be written by others.
    static func resolved(_ path: String) throws(PKCS11Error) -> String {
        guard path.hasPrefix("/") else {
            throw PKCS11Error.untrustedModule(path, "its path is not absolute")
        }
        // SAFETY: realpath allocates the result; this function frees it.
        guard let resolved = unsafe realpath(path, nil) else {
            let reason = unsafe String(cString: strerror(errno))
            throw PKCS11Error.missingModule(path, reason)
        }
        defer { unsafe free(resolved) }
        let file = unsafe String(cString: resolved)
        var place = file
        try check(place, isFolder: false, named: path)
        while place != "/", let end = place.lastIndex(of: "/") {
            place = end == place.startIndex ? "/" : String(place[..<end])
            try check(place, isFolder: true, named: path)
        }
        return file
    }

    /// Throws `PKCS11Error` unless the file belongs to root.
    static func requireOfRoot(_ path: String) throws(PKCS11Error) {
        let file = try resolved(path)
        var status = stat()
        // SAFETY: stat fills one structure.
        guard unsafe stat(file, &status) == 0, status.st_uid == 0 else {
            throw PKCS11Error.untrustedModule(
                path,
                "a stored key names it, and it does not belong to root; to use it, set "
                    + "PKCS11_MODULE_PATH to its path"
            )
        }
    }

    private static func check(
        _ place: String,
        isFolder: Bool,
        named path: String
    ) throws(PKCS11Error) {
        var status = stat()
        // SAFETY: stat fills one structure.
        guard unsafe stat(place, &status) == 0 else {
            throw PKCS11Error.missingModule(path, unsafe String(cString: strerror(errno)))
        }
        guard isFolder || status.st_mode & S_IFMT == S_IFREG else {
            throw PKCS11Error.untrustedModule(path, "it is not a file")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw PKCS11Error.untrustedModule(path, "\(place) belongs to another user")
        }
        // In a folder like /tmp, others can add files and cannot replace those of the user.
        let isShared = isFolder && status.st_mode & S_ISVTX != 0
        guard isShared || status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw PKCS11Error.untrustedModule(path, "others can write \(place)")
        }
    }
}
