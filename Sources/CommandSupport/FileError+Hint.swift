internal import DurableFiles

extension FileError {
    /// The hint with the option of the command line that helps.
    var optionHint: String? {
        switch remedy {
        case .replaceFile: "choose another name, or replace it: --force"
        case .nameOtherFolder: "name another folder with --home"
        case .becomeOwner(let path):
            "use --home with a folder of your own, or: chown -R $(id -u) '\(path)'"
        case nil: hint
        }
    }
}
