function __keyctl_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __keyctl_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __keyctl_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __keyctl_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __keyctl_parse_tokens -S
    set -l unparsed_tokens (__keyctl_tokens -pc)
    switch $unparsed_tokens[1]
    case 'keyctl'
        __keyctl_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'gen'
            __keyctl_parse_subcommand 0 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'no-passphrase' 'kdf=' 'user=' 'bits=' 'expires=' 'comment=' 'out=' 'version' 'h/help'
        case 'import'
            __keyctl_parse_subcommand -r 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'no-passphrase' 'kdf=' 'user=' 'replace' 'version' 'h/help'
        case 'export'
            __keyctl_parse_subcommand 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'format=' 'out=' 'private' 'plaintext' 'version' 'h/help'
        case 'list'
            __keyctl_parse_subcommand 0 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'version' 'h/help'
        case 'show'
            __keyctl_parse_subcommand 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'version' 'h/help'
        case 'rotate'
            __keyctl_parse_subcommand 0 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'no-passphrase' 'kdf=' 'user=' 'all' 'bits=' 'expires=' 'out=' 'version' 'h/help'
        case 'passwd'
            __keyctl_parse_subcommand 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'no-passphrase' 'kdf=' 'version' 'h/help'
        case 'revoke'
            __keyctl_parse_subcommand 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'reason=' 'out=' 'version' 'h/help'
        case 'remove'
            __keyctl_parse_subcommand 1 'home=' 'json' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'version' 'h/help'
        case 'help'
            __keyctl_parse_subcommand -r 1 'version'
        end
    end
end

function __keyctl_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __keyctl_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __keyctl_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __keyctl_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__keyctl_tokens -p)
    if test -z "$(__keyctl_tokens -t)"
        set -l index (count (__keyctl_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'keyctl' -f
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'gen' -d 'Make an identity: an RSA key pair, sealed with a passphrase.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'import' -d 'Take in keys: public ones into the registry, private ones into the keystore.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'export' -d 'Print a public key, or one\'s own private key for another program.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'list' -d 'List the keys that are here: one\'s own, and those of others.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'show' -d 'Show one key with all its versions.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'rotate' -d 'Move an identity on to a new key, signed by the old one.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'passwd' -d 'Change the passphrase of an identity.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'revoke' -d 'Declare that a key must not be trusted any more.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'remove' -d 'Take a name out of the registry.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_positional "keyctl" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" no-passphrase' -l 'no-passphrase' -d 'Seal with no passphrase: whoever can read the file has the key.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" kdf' -l 'kdf' -d 'Cost of the passphrase: Argon2id memory in KiB, passes, lanes.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" user' -l 'user' -d 'Name of the identity.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" bits' -l 'bits' -d 'Size of the key: 2048, 3072 or 4096.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" expires' -l 'expires' -d 'Lifetime of the key: 90d, 12w, 18m, 1y.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" comment' -l 'comment' -d 'A note for yourself.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" out' -l 'out' -d 'Where to write the public key.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl gen" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" no-passphrase' -l 'no-passphrase' -d 'Seal with no passphrase: whoever can read the file has the key.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" kdf' -l 'kdf' -d 'Cost of the passphrase: Argon2id memory in KiB, passes, lanes.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" user' -l 'user' -d 'Name to know the key by.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" replace' -l 'replace' -d 'Accept another key for a known name: only after asking its owner in person.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" format' -l 'format' -d 'pem, der, pkcs1 or ssh; with --private pkcs8 or pkcs1.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" out' -l 'out' -d 'Where to write it.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" private' -l 'private' -d 'Export the private key, encrypted.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" plaintext' -l 'plaintext' -d 'With --private: write it unencrypted.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" no-passphrase' -l 'no-passphrase' -d 'Seal with no passphrase: whoever can read the file has the key.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" kdf' -l 'kdf' -d 'Cost of the passphrase: Argon2id memory in KiB, passes, lanes.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" user' -l 'user' -d 'Name of the identity.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" all' -l 'all' -d 'Every identity that is here, a server\'s too.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" bits' -l 'bits' -d 'Size of the new key (default: that of the old one).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" expires' -l 'expires' -d 'Lifetime of the new key: 90d, 12w, 18m, 1y.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" out' -l 'out' -d 'Where to write the statement (default: NAME-rotation.txt in the home).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl rotate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" no-passphrase' -l 'no-passphrase' -d 'Seal with no passphrase: whoever can read the file has the key.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" kdf' -l 'kdf' -d 'Cost of the passphrase: Argon2id memory in KiB, passes, lanes.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl passwd" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" reason' -l 'reason' -d 'Why, for those who ask later; at most 200 bytes.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" out' -l 'out' -d 'Where to write the statement (default: NAME-revocation.txt in the home).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl revoke" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" new-passphrase-file' -l 'new-passphrase-file' -d 'As --passphrase-file, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" new-passphrase-fd' -l 'new-passphrase-fd' -d 'As --passphrase-fd, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" new-passphrase-env' -l 'new-passphrase-env' -d 'As --passphrase-env, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" new-passphrase-command' -l 'new-passphrase-command' -d 'As --passphrase-command, for a new passphrase.' -rfka ''
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" version' -l 'version' -d 'Show the version.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl remove" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'keyctl' -n '__keyctl_should_offer_completions_for_flags_or_options "keyctl help" version' -l 'version' -d 'Show the version.'
