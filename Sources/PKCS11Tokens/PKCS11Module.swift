internal import CPKCS11
internal import Glibc

/// A PKCS #11 module in this process: a shared library that reaches tokens.
///
/// It owns the library and its initialisation. One thread at a time uses it, and the process that
/// made it: a module does not survive a fork.
@safe
public final class PKCS11Module {
    /// The module as messages name it: its path, or `p11-kit`.
    public let name: String
    /// The path that a URI named; `nil` for the module of the environment, or p11-kit's.
    let path: String?
    let functions: UnsafePointer<CK_FUNCTION_LIST>
    let library: Library
    private let handle: UnsafeMutableRawPointer
    private let processID = getpid()
    private let isInitializer: Bool

    /// The environment variable that names the module where a URI does not.
    public static let environmentVariable = "PKCS11_MODULE_PATH"
    /// p11-kit's module, which passes on the tokens of every module that the system configures.
    private static let proxies = ["p11-kit-proxy.so", "libp11-kit.so.0"]

    /// Loads the module at `path`; without a path, that of `environment`, or p11-kit's.
    ///
    /// Throws `PKCS11Error` if it cannot be loaded, if others than root and the user can change it,
    /// or if it does not start.
    public init(path: String?, environment: String?) throws(PKCS11Error) {
        self.path = path
        let chosen = path ?? environment.flatMap { $0.isEmpty ? nil : $0 }
        name = chosen ?? "p11-kit"
        var candidates = PKCS11Module.proxies
        if let chosen { candidates = [try ModuleTrust.resolved(chosen)] }
        let handle = try unsafe PKCS11Module.load(candidates, name)
        // SAFETY: the library stays loaded until `deinit`.
        do throws(PKCS11Error) {
            let functions = try unsafe PKCS11Module.functions(of: handle, name)
            let isInitializer = try unsafe PKCS11Module.initialize(functions)
            let library = try unsafe Library(functions)
            unsafe self.functions = functions
            self.isInitializer = isInitializer
            self.library = library
            unsafe self.handle = handle
        } catch {
            unsafe dlclose(handle)
            throw error
        }
    }

    deinit {
        // After a fork, the child must not end what belongs to its parent.
        if isInitializer, getpid() == processID { _ = unsafe functions.pointee.C_Finalize?(nil) }
        unsafe dlclose(handle)
    }

    /// Throws `PKCS11Error` after a fork.
    func requireOwnProcess() throws(PKCS11Error) {
        guard getpid() == processID else { throw PKCS11Error.forked }
    }

    private static func load(
        _ candidates: [String],
        _ name: String
    ) throws(PKCS11Error) -> UnsafeMutableRawPointer {
        var reason = "not found"
        for candidate in candidates {
            // RTLD_NODELETE: modules leave threads and exit handlers behind, which need their code.
            let flags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE
            if let handle = unsafe dlopen(candidate, flags) { return unsafe handle }
            // SAFETY: dlerror's text is valid until the next call of the dynamic linker.
            if let text = unsafe dlerror() { reason = unsafe String(cString: text) }
        }
        throw PKCS11Error.missingModule(name, reason)
    }

    private static func functions(
        of handle: UnsafeMutableRawPointer,
        _ name: String
    ) throws(PKCS11Error) -> UnsafePointer<CK_FUNCTION_LIST> {
        guard let entry = unsafe dlsym(handle, "C_GetFunctionList") else {
            throw PKCS11Error.brokenModule(name, "it has no C_GetFunctionList")
        }
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        // SAFETY: PKCS #11 gives the symbol this type; it writes one pointer, to static memory.
        try check("C_GetFunctionList", unsafe cpkcs11_functions(entry, &list))
        guard let list = unsafe list else {
            throw PKCS11Error.brokenModule(name, "its list of functions is missing")
        }
        // The list of version 3.0 begins like that of 2.40.
        let supportedVersions: ClosedRange<UInt8> = 2...3
        let version = unsafe list.pointee.version.major
        guard supportedVersions.contains(version) else {
            throw PKCS11Error.brokenModule(name, "it speaks version \(version) of PKCS #11")
        }
        return unsafe UnsafePointer(list)
    }

    /// Returns whether this call initialised the module, and no other user of it in the process.
    private static func initialize(
        _ functions: UnsafePointer<CK_FUNCTION_LIST>
    ) throws(PKCS11Error) -> Bool {
        var arguments = unsafe CK_C_INITIALIZE_ARGS()
        unsafe arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
        // SAFETY: the module reads the arguments during the call.
        let result = unsafe functions.pointee.C_Initialize?(&arguments)
        if result == CK_RV(CKR_CRYPTOKI_ALREADY_INITIALIZED) { return false }
        try check("C_Initialize", result)
        return true
    }
}

extension PKCS11Module {
    /// What the module says of itself.
    struct Library {
        let manufacturer: [UInt8]
        let description: [UInt8]
        let version: (major: UInt, minor: UInt)

        fileprivate init(_ functions: UnsafePointer<CK_FUNCTION_LIST>) throws(PKCS11Error) {
            var info = CK_INFO()
            // SAFETY: the module fills one structure, whose texts have 32 bytes.
            try check("C_GetInfo", unsafe functions.pointee.C_GetInfo?(&info))
            manufacturer = unsafe paddedText(cpkcs11_library_manufacturer(&info), 32)
            description = unsafe paddedText(cpkcs11_library_description(&info), 32)
            version = (UInt(info.libraryVersion.major), UInt(info.libraryVersion.minor))
        }
    }
}

/// Returns a text of a fixed length without its padding: spaces, or zeros of careless modules.
func paddedText(_ start: UnsafePointer<UInt8>?, _ byteCount: Int) -> [UInt8] {
    // SAFETY: the callers pass an array of a structure, and its length.
    var text = unsafe Array(UnsafeBufferPointer(start: start, count: byteCount))
    if let end = text.firstIndex(of: 0) { text.removeSubrange(end...) }
    while text.last == UInt8(ascii: " ") { text.removeLast() }
    return text
}
