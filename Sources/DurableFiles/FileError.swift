public import Failures
internal import Glibc

/// A failure to read or write a file.
///
/// Only the factories below make one. It is no `Failure`, because it also tells which option of a
/// program helps (`remedy`), and this target knows no options.
public struct FileError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// There is no such file.
        case notFound = "file-not-found"
        /// There is such a file already.
        case exists = "file-exists"
        /// Other users may read it, or another user owns it.
        case unsafePermissions = "unsafe-permissions"
        /// It is larger than the limit for such files.
        case tooLarge = "file-too-large"
        /// The operating system refused.
        case system = "file-system"
        /// The reading end of a pipe was closed.
        case brokenPipe = "broken-pipe"
        /// A newer version of this program wrote it.
        case newerVersion = "newer-version"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The remedy that an option of the program offers; `nil` if there is none.
    public let remedy: Remedy?

    /// A remedy that the options of a program offer; the program adds the option's name to the
    /// hint.
    public enum Remedy: Sendable {
        /// Replace the existing file.
        case replaceFile
        /// Name another folder for the stored data.
        case nameOtherFolder
        /// Name a folder of the user, or change the owner of this path.
        case becomeOwner(of: String)
    }
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    private init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        remedy: Remedy? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.remedy = remedy
    }

    /// The verbs of acts that make a file.
    ///
    /// They can also fail because the place does not exist.
    private static let makingVerbs: Set = [
        "write", "make the folder", "rename", "lock", "lock the folder of",
    ]

    /// Makes the error for the present `errno`.
    package static func system(_ verb: String, _ path: String) -> FileError {
        let number = errno
        // SAFETY: strerror returns a string that lives at least until its next call.
        let reason = unsafe String(cString: strerror(number))
        switch number {
        case ENOENT where makingVerbs.contains(verb):
            return FileError(
                .notFound,
                "cannot \(verb) \(path): no file can be made there",
                hint: "choose another place for the file"
            )
        case ENOENT: return FileError(.notFound, "there is no file \(path)")
        case EEXIST: return exists(path)
        case EPIPE: return FileError(.brokenPipe, "cannot \(verb) \(path): \(reason)")
        case EROFS: return readOnly(path)
        default: return FileError(.system, "cannot \(verb) \(path): \(reason)")
        }
    }

    static func notAFolder(_ path: String) -> FileError {
        FileError(.system, "\(path) is not a folder", remedy: .nameOtherFolder)
    }

    static func isAFolder(_ path: String) -> FileError {
        FileError(.system, "\(path) is a folder, but a file is needed")
    }

    static func changedMeanwhile(_ path: String) -> FileError {
        FileError(
            .system,
            "another process changed \(path) at the same time",
            hint: "nothing was written; run the command again"
        )
    }

    static func sameFile(_ path: String) -> FileError {
        FileError(
            .exists,
            "input and output are the same file: \(path)",
            hint: "write to another name; the input was not touched"
        )
    }

    /// Makes the error for a folder in which no file can be made, for the present `errno`.
    static func folder(_ path: String) -> FileError {
        switch errno {
        // In a folder such as /proc, only the system makes files.
        case ENOENT where unsafe access(path, F_OK) == 0:
            return FileError(
                .notFound,
                "no file can be made in the folder \(path)",
                hint: "choose another place for the file"
            )
        case ENOENT:
            return FileError(
                .notFound,
                "there is no folder \(path)",
                hint: "make it first: mkdir -p '\(path)'"
            )
        case ENOTDIR:
            return FileError(
                .system,
                "\(path) is not a folder",
                hint: "choose another place for the file"
            )
        case EACCES:
            return FileError(
                .system,
                "you may not write in the folder \(path)",
                hint: "choose another place for the file, or see who may: ls -ld '\(path)'"
            )
        case EROFS: return readOnly(path)
        default: return system("write in", path)
        }
    }

    private static func readOnly(_ path: String) -> FileError {
        FileError(
            .system,
            "nothing can be written at \(path): its file system is mounted read-only",
            hint: "choose another place, or mount the file system for writing"
        )
    }

    static func cannotBePrivate(_ path: String) -> FileError {
        FileError(
            .unsafePermissions,
            "others could read \(path), because its file system keeps no permissions",
            hint: "choose a place on another file system; nothing was written"
        )
    }

    /// Returns the warning about a private file that other users can read, on a file system without
    /// permissions.
    static func readableByOthers(_ path: String) -> FileError {
        FileError(
            .unsafePermissions,
            "others can read \(path): its file system keeps no permissions",
            hint: "move it to another file system; or mount this one so that only you can read it: "
                + "mount -o uid=$(id -u),umask=077"
        )
    }

    /// The error for a file whose heading has a version that this program does not know yet.
    public static func newerVersion(_ path: String, found: Int, known: Int) -> FileError {
        FileError(
            .newerVersion,
            "a newer version of this program wrote \(path): its format is v\(found), and this "
                + "program knows v\(known)",
            hint: "nothing was changed; install the newer version to go on"
        )
    }

    /// Makes the error for a file that would be replaced.
    public static func alreadyThere(_ path: String) -> FileError { exists(path) }

    static func exists(_ path: String) -> FileError {
        FileError(.exists, "\(path) exists already", hint: "choose another name, or move it away")
    }

    static func danglingLink(_ path: String) -> FileError {
        FileError(
            .exists,
            "\(path) is a link that leads nowhere",
            hint: "nothing was written; remove the link, or name the file that it should lead to"
        )
    }

    static func wouldReplace(_ path: String) -> FileError {
        FileError(
            .exists,
            "\(path) exists already",
            hint: "choose another name, or move it away",
            remedy: .replaceFile
        )
    }

    static func unsafePermissions(_ path: String, mode: mode_t) -> FileError {
        FileError(
            .unsafePermissions,
            "others can read or change \(path) (mode \(String(mode & 0o7777, radix: 8)))",
            hint: "take their permissions away: chmod -R go= '\(path)'"
        )
    }

    static func otherOwner(_ path: String) -> FileError {
        FileError(
            .unsafePermissions,
            "\(path) belongs to another user",
            hint: "become its owner: chown -R $(id -u) '\(path)'",
            remedy: .becomeOwner(of: path)
        )
    }

    static func tooLarge(_ path: String, limit: Int) -> FileError {
        FileError(.tooLarge, "\(path) is larger than \(limit) bytes")
    }
}
