#!/bin/bash

__keyctl_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__keyctl_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__keyctl_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__keyctl_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_keyctl() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    gen|import|export|list|show|passwd|remove|doctor|rotate|promote|renew|retire|revoke|destroy|policy|due|registry|group|role|verify-contact|sync|backup|restore|audit|encrypt|decrypt|rewrap|gen-age|sign|verify|git|agent|convert|inspect|fingerprint|token|plugin|help)
        # Offer subcommand argument completions
        "_keyctl_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'gen import export list show passwd remove doctor rotate promote renew retire revoke destroy policy due registry group role verify-contact sync backup restore audit encrypt decrypt rewrap gen-age sign verify git agent convert inspect fingerprint token plugin help' -- "${cur}"))
        ;;
    esac
}

_keyctl_gen() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --no-passphrase --existing --force --pending --replace --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --kdf --provider --user --bits --expires --comment --out)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--kdf')
        return
        ;;
    '--provider')
        return
        ;;
    '--user')
        return
        ;;
    '--bits')
        return
        ;;
    '--expires')
        return
        ;;
    '--comment')
        return
        ;;
    '--out')
        return
        ;;
    esac
}

_keyctl_import() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --no-passphrase --replace --allow-weak --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --kdf --user --format)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--kdf')
        return
        ;;
    '--user')
        return
        ;;
    '--format')
        return
        ;;
    esac
}

_keyctl_export() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --plaintext --scrypt --force --private --statements --age-plugin-identity --version -h --help)
    repeating_options=(--san)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --comment --days -o --out --format --key-version)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--comment')
        return
        ;;
    '--san')
        return
        ;;
    '--days')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    '--format')
        return
        ;;
    '--key-version')
        return
        ;;
    esac
}

_keyctl_list() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_show() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_passwd() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --no-passphrase --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --kdf)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--kdf')
        return
        ;;
    esac
}

_keyctl_remove() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_doctor() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=(--scan)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--scan')
        return
        ;;
    esac
}

_keyctl_rotate() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --no-passphrase --existing --force --all --due --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --kdf --provider --out --user --bits --expires)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--kdf')
        return
        ;;
    '--provider')
        return
        ;;
    '--out')
        return
        ;;
    '--user')
        return
        ;;
    '--bits')
        return
        ;;
    '--expires')
        return
        ;;
    esac
}

_keyctl_promote() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --out)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--out')
        return
        ;;
    esac
}

_keyctl_renew() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --out --expires)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--out')
        return
        ;;
    '--expires')
        return
        ;;
    esac
}

_keyctl_retire() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --out)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--out')
        return
        ;;
    esac
}

_keyctl_revoke() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --prepare --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --out --reason --at --key-version)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--out')
        return
        ;;
    '--reason')
        return
        ;;
    '--at')
        return
        ;;
    '--key-version')
        return
        ;;
    esac
}

_keyctl_destroy() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --now --due --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --grace)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--grace')
        return
        ;;
    esac
}

_keyctl_policy() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --none --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --rotate-every --keep)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--rotate-every')
        return
        ;;
    '--keep')
        return
        ;;
    esac
}

_keyctl_due() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --within)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--within')
        return
        ;;
    esac
}

_keyctl_registry() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    log|show|diff|verify|checkpoint|prove|check|export|import|merge)
        # Offer subcommand argument completions
        "_keyctl_registry_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'log show diff verify checkpoint prove check export import merge' -- "${cur}"))
        ;;
    esac
}

_keyctl_registry_log() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of --last)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    '--last')
        return
        ;;
    esac
}

_keyctl_registry_show() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    esac
}

_keyctl_registry_diff() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --owner)
    __keyctl_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--owner')
        return
        ;;
    esac
}

_keyctl_registry_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of --owner)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    '--owner')
        return
        ;;
    esac
}

_keyctl_registry_checkpoint() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of --user -o --out)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    '--user')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_registry_prove() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of --since -o --out)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    '--since')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_registry_check() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --owner)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--owner')
        return
        ;;
    esac
}

_keyctl_registry_export() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --of -o --out)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--of')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_registry_import() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --owner)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--owner')
        return
        ;;
    esac
}

_keyctl_registry_merge() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --dry-run --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --owner)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--owner')
        return
        ;;
    esac
}

_keyctl_group() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    add|remove|list)
        # Offer subcommand argument completions
        "_keyctl_group_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'add remove list' -- "${cur}"))
        ;;
    esac
}

_keyctl_group_add() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_group_remove() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_group_list() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_role() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_verify-contact() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --same --undo --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --number)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--number')
        return
        ;;
    esac
}

_keyctl_sync() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --dry-run --keep --forget --version -h --help)
    repeating_options=(--only)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --group)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--group')
        return
        ;;
    '--only')
        return
        ;;
    esac
}

_keyctl_backup() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin -p --passphrase --new-recovery --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --shares --sheets)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--shares')
        return
        ;;
    '--sheets')
        return
        ;;
    esac
}

_keyctl_restore() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=(--share)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --key-version)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--share')
        return
        ;;
    '--key-version')
        return
        ;;
    esac
}

_keyctl_audit() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    log|verify)
        # Offer subcommand argument completions
        "_keyctl_audit_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'log verify' -- "${cur}"))
        ;;
    esac
}

_keyctl_audit_log() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --last)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--last')
        return
        ;;
    esac
}

_keyctl_audit_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --head)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--head')
        return
        ;;
    esac
}

_keyctl_encrypt() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin -p --passphrase -a --armor --force --version -h --help)
    repeating_options=(-r --recipient -R --recipients-file -i --identity -j --plugin)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command -o --out)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-r'|'--recipient')
        return
        ;;
    '-R'|'--recipients-file')
        return
        ;;
    '-i'|'--identity')
        return
        ;;
    '-j'|'--plugin')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_decrypt() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --with-revoked --force --version -h --help)
    repeating_options=(-i --identity -j --plugin)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user -o --out)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-i'|'--identity')
        return
        ;;
    '-j'|'--plugin')
        return
        ;;
    '--user')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_rewrap() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --fresh --header-only --dry-run --resume --version -h --help)
    repeating_options=(-r --recursive --to --drop)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-r'|'--recursive')
        return
        ;;
    '--to')
        return
        ;;
    '--drop')
        return
        ;;
    esac
}

_keyctl_gen-age() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --pq -y --recipients --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command -o --out)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_sign() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --log --force --raw --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command -n --namespace --user -o --out --format)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-n'|'--namespace')
        return
        ;;
    '--user')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    '--format')
        return
        ;;
    esac
}

_keyctl_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --raw --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command -n --namespace --user -s --signature --format --at)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-n'|'--namespace')
        return
        ;;
    '--user')
        return
        ;;
    '-s'|'--signature')
        return
        ;;
    '--format')
        return
        ;;
    '--at')
        return
        ;;
    esac
}

_keyctl_git() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    setup)
        # Offer subcommand argument completions
        "_keyctl_git_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'setup' -- "${cur}"))
        ;;
    esac
}

_keyctl_git_setup() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --global --stock --on-demand --undo --dry-run --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --folder --group)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--folder')
        return
        ;;
    '--group')
        return
        ;;
    esac
}

_keyctl_agent() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    start|stop|status|add|remove|lock|unlock)
        # Offer subcommand argument completions
        "_keyctl_agent_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'start stop status add remove lock unlock' -- "${cur}"))
        ;;
    esac
}

_keyctl_agent_start() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin -c --csh -s --sh --foreground --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_agent_stop() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin -c --csh -s --sh --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_agent_status() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_agent_add() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --confirm --unattended --version -h --help)
    repeating_options=(--host)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --lifetime --lock-after)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--lifetime')
        return
        ;;
    '--lock-after')
        return
        ;;
    '--host')
        return
        ;;
    esac
}

_keyctl_agent_remove() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --all --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_agent_lock() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_agent_unlock() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_convert() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --plaintext --scrypt --force --public --allow-weak --version -h --help)
    repeating_options=(--san)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --comment --days -o --out --to --format)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--comment')
        return
        ;;
    '--san')
        return
        ;;
    '--days')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    '--to')
        return
        ;;
    '--format')
        return
        ;;
    esac
}

_keyctl_inspect() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_fingerprint() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --style --with)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--style')
        __keyctl_add_completions -W 'sha256'$'\n''md5'$'\n''randomart'$'\n''bubblebabble'$'\n''words'$'\n''thumbprint'
        return
        ;;
    '--with')
        return
        ;;
    esac
}

_keyctl_token() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    sign|verify|key|seal|open)
        # Offer subcommand argument completions
        "_keyctl_token_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'sign verify key seal open' -- "${cur}"))
        ;;
    esac
}

_keyctl_token_sign() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --alg --user --expires)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--alg')
        return
        ;;
    '--user')
        return
        ;;
    '--expires')
        return
        ;;
    esac
}

_keyctl_token_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user --skew)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    '--skew')
        return
        ;;
    esac
}

_keyctl_token_key() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command -o --out)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '-o'|'--out')
        return
        ;;
    esac
}

_keyctl_token_seal() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --fernet --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --key)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--key')
        return
        ;;
    esac
}

_keyctl_token_open() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --fernet --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --key --ttl --skew)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--key')
        return
        ;;
    '--ttl')
        return
        ;;
    '--skew')
        return
        ;;
    esac
}

_keyctl_plugin() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|info|trust|update|untrust|bind|unbind|test)
        # Offer subcommand argument completions
        "_keyctl_plugin_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list info trust update untrust bind unbind test' -- "${cur}"))
        ;;
    esac
}

_keyctl_plugin_list() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_plugin_info() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_plugin_trust() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=(--env)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --signer)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--signer')
        return
        ;;
    '--env')
        return
        ;;
    esac
}

_keyctl_plugin_update() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --path)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--path')
        return
        ;;
    esac
}

_keyctl_plugin_untrust() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    esac
}

_keyctl_plugin_bind() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    esac
}

_keyctl_plugin_unbind() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --version -h --help)
    repeating_options=()
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command --user)
    __keyctl_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--user')
        return
        ;;
    esac
}

_keyctl_plugin_test() {
    repeating_flags=()
    non_repeating_flags=(--json --no-agent --debug-plugin --make-keys --transcript --version -h --help)
    repeating_options=(--env)
    non_repeating_options=(--home --passphrase-file --passphrase-fd --passphrase-env --passphrase-command --passphrase-credential --passphrase-pinentry --new-passphrase-file --new-passphrase-fd --new-passphrase-env --new-passphrase-command)
    __keyctl_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--home')
        return
        ;;
    '--passphrase-file')
        return
        ;;
    '--passphrase-fd')
        return
        ;;
    '--passphrase-env')
        return
        ;;
    '--passphrase-command')
        return
        ;;
    '--passphrase-credential')
        return
        ;;
    '--passphrase-pinentry')
        return
        ;;
    '--new-passphrase-file')
        return
        ;;
    '--new-passphrase-fd')
        return
        ;;
    '--new-passphrase-env')
        return
        ;;
    '--new-passphrase-command')
        return
        ;;
    '--env')
        return
        ;;
    esac
}

_keyctl_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __keyctl_offer_flags_options -1
}

complete -o filenames -F _keyctl keyctl
