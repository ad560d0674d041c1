internal import CLinux
internal import Glibc

extension PluginProgram {
    /// Starts the program; returns its process, or -1 with `errno`.
    func start(
        rules: Descriptor?,
        input: Descriptor,
        output: Descriptor,
        errors: Descriptor
    ) -> pid_t {
        let words = TerminatedStrings([path] + arguments)
        let variables =
            switch environment {
            case .inherited(let names): TerminatedStrings(variablesExcept: names)
            case .only(let all): TerminatedStrings(all)
            }
        // SAFETY: the strings live until the call has returned, and it keeps nothing of them.
        return unsafe path.withCString { path in
            unsafe "/".withCString { folder in
                var program = unsafe clinux_program(
                    path: path,
                    arguments: words.start,
                    environment: variables.start,
                    folder: folder,
                    input: input.number,
                    output: output.number,
                    errors: errors.number,
                    forbids_new_privileges: forbidsNewPrivileges ? 1 : 0,
                    rules: rules?.number ?? -1
                )
                return withExtendedLifetime((words, variables)) {
                    unsafe clinux_start_lasting(&program)
                }
            }
        }
    }
}

/// Strings as C takes them: pointers, and a null at their end.
@safe
private final class TerminatedStrings {
    private let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    init(_ strings: [String]) {
        unsafe pointers = .allocate(capacity: strings.count + 1)
        unsafe pointers.initialize(repeating: nil)
        for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
    }

    /// The variables of this process without those of these names, byte by byte as they are.
    ///
    /// The excluded ones are not copied, because they may be secret.
    init(variablesExcept names: [String]) {
        var kept: [UnsafeMutablePointer<CChar>] = unsafe []
        var item = unsafe environ
        while let variable = unsafe item.pointee {
            let isExcluded = names.contains { name in
                let count = name.utf8.count
                // SAFETY: strncmp stops at the end of the shorter string, and after `count` equal
                // characters the variable has at least its end.
                return unsafe strncmp(variable, name, count) == 0
                    && variable[count] == CChar(UInt8(ascii: "="))
            }
            if !isExcluded { unsafe kept.append(variable) }
            unsafe item += 1
        }
        unsafe pointers = .allocate(capacity: kept.count + 1)
        unsafe pointers.initialize(repeating: nil)
        for index in unsafe kept.indices { unsafe pointers[index] = strdup(kept[index]) }
    }

    deinit {
        for index in unsafe pointers.indices { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }

    /// The first pointer.
    var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { unsafe pointers.baseAddress }
}
