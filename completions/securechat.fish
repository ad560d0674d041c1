function __securechat_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __securechat_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __securechat_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __securechat_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __securechat_parse_tokens -S
    set -l unparsed_tokens (__securechat_tokens -pc)
    switch $unparsed_tokens[1]
    case 'securechat'
        __securechat_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'serve'
            __securechat_parse_subcommand 0 'home=' 'json' 'no-agent' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'passphrase-credential=' 'passphrase-pinentry=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'debug-plugin' 'no-passphrase' 'kdf=' 'config=' 'listen=' 'identity=' 'admin=+' 'version' 'h/help'
        case 'connect'
            __securechat_parse_subcommand 1 'home=' 'json' 'no-agent' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'passphrase-credential=' 'passphrase-pinentry=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'debug-plugin' 'user=' 'server=' 'config=' 'pinned' 'reader=' 'wait' 'follow' 'text-only' 'log=' 'version' 'h/help'
        case 'reset'
            __securechat_parse_subcommand 0 'home=' 'json' 'no-agent' 'passphrase-file=' 'passphrase-fd=' 'passphrase-env=' 'passphrase-command=' 'passphrase-credential=' 'passphrase-pinentry=' 'new-passphrase-file=' 'new-passphrase-fd=' 'new-passphrase-env=' 'new-passphrase-command=' 'debug-plugin' 'server=' 'yes' 'version' 'h/help'
        case 'help'
            __securechat_parse_subcommand -r 1 'version'
        end
    end
end

function __securechat_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __securechat_parse_subcommand -S -a positional_count
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

function __securechat_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __securechat_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__securechat_tokens -p)
    if test -z "$(__securechat_tokens -t)"
        set -l index (count (__securechat_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'securechat' -f
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat" version' -l 'version' -d 'Show the version.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_positional "securechat" -eq 1' -fa 'serve' -d 'Run a chat server.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_positional "securechat" -eq 1' -fa 'connect' -d 'Connect to a chat.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_positional "securechat" -eq 1' -fa 'reset' -d 'Start again with a server that shows another history.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_positional "securechat" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" no-agent' -l 'no-agent' -d 'Ask for passphrases even if the agent holds the key.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-credential' -l 'passphrase-credential' -d 'Read the passphrase from a credential of systemd.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" passphrase-pinentry' -l 'passphrase-pinentry' -d 'Ask for the passphrase by a pinentry program.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" new-passphrase-file' -l 'new-passphrase-file' -d 'Read a new passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" new-passphrase-fd' -l 'new-passphrase-fd' -d 'Read a new passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" new-passphrase-env' -l 'new-passphrase-env' -d 'Read a new passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" new-passphrase-command' -l 'new-passphrase-command' -d 'Read a new passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" debug-plugin' -l 'debug-plugin' -d 'Print the conversation with plugins.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" no-passphrase' -l 'no-passphrase' -d 'Seal without a passphrase: everybody who can read the file has the key.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" kdf' -l 'kdf' -d 'Cost of the passphrase: Argon2id memory in KiB, passes, lanes.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" config' -l 'config' -d 'Settings (default: config.json, if it is there).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" listen' -l 'listen' -d 'Address to listen on (default: 127.0.0.1:5000).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" identity' -l 'identity' -d 'The server\'s identity (default: server).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve"' -l 'admin' -d 'Make this member an admin; may be repeated.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" version' -l 'version' -d 'Show the version.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat serve" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" no-agent' -l 'no-agent' -d 'Ask for passphrases even if the agent holds the key.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-credential' -l 'passphrase-credential' -d 'Read the passphrase from a credential of systemd.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" passphrase-pinentry' -l 'passphrase-pinentry' -d 'Ask for the passphrase by a pinentry program.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" new-passphrase-file' -l 'new-passphrase-file' -d 'Read a new passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" new-passphrase-fd' -l 'new-passphrase-fd' -d 'Read a new passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" new-passphrase-env' -l 'new-passphrase-env' -d 'Read a new passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" new-passphrase-command' -l 'new-passphrase-command' -d 'Read a new passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" debug-plugin' -l 'debug-plugin' -d 'Print the conversation with plugins.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" user' -l 'user' -d 'Your identity (default: your only one).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" server' -l 'server' -d 'The server\'s name in your registry (default: server).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" config' -l 'config' -d 'Settings (default: user_config.json, if it is there).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" pinned' -l 'pinned' -d 'Encrypt only to keys that you imported yourself.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" reader' -l 'reader' -d 'The name under which the read position is stored (default: terminal, json or follow, by the way of use; a plain pipe shows new messages and stores no position).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" wait' -l 'wait' -d 'Wait for a server that is not running yet.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" follow' -l 'follow' -d 'Stay connected when standard input ends: for logs and bots.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" text-only' -l 'text-only' -d 'Take all of standard input as text: no commands, no JSON.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" log' -l 'log' -d 'Add what is said, with dates and your own lines, to this file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" version' -l 'version' -d 'Show the version.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat connect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" home' -l 'home' -d 'Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" json' -l 'json' -d 'Print results as JSON, one document or one object a line.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" no-agent' -l 'no-agent' -d 'Ask for passphrases even if the agent holds the key.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-file' -l 'passphrase-file' -d 'Read the passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-fd' -l 'passphrase-fd' -d 'Read the passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-env' -l 'passphrase-env' -d 'Read the passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-command' -l 'passphrase-command' -d 'Read the passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-credential' -l 'passphrase-credential' -d 'Read the passphrase from a credential of systemd.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" passphrase-pinentry' -l 'passphrase-pinentry' -d 'Ask for the passphrase by a pinentry program.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" new-passphrase-file' -l 'new-passphrase-file' -d 'Read a new passphrase from a file.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" new-passphrase-fd' -l 'new-passphrase-fd' -d 'Read a new passphrase from an open descriptor.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" new-passphrase-env' -l 'new-passphrase-env' -d 'Read a new passphrase from a variable.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" new-passphrase-command' -l 'new-passphrase-command' -d 'Read a new passphrase from a command\'s output.' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" debug-plugin' -l 'debug-plugin' -d 'Print the conversation with plugins.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" server' -l 'server' -d 'The server\'s name in your registry (default: server).' -rfka ''
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" yes' -l 'yes' -d 'Do not ask.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" version' -l 'version' -d 'Show the version.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat reset" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'securechat' -n '__securechat_should_offer_completions_for_flags_or_options "securechat help" version' -l 'version' -d 'Show the version.'
