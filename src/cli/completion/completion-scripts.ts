export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** Where the command line itself says what may stand at the cursor; nothing of the command tree is in the scripts. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of aco. Put it into ~/.bashrc:  source <(aco completion bash)
_aco() {
  local value text word cut rest="$COMP_LINE" last=-1
  local -a typed=()
  COMPREPLY=()
  # bash divides words at = and : too, and wants only what comes after the last of them.
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if (( last >= 0 )) && [[ -n "$rest" && "$rest" != [[:space:]]* ]]; then
      cut="\${typed[last]}"
      typed[last]+="$word"
      [[ "$word" == *[^=:]* ]] || cut="\${typed[last]}"
    else
      cut=""
      typed[++last]="$word"
      rest="\${rest#"\${rest%%[![:space:]]*}"}"
    fi
    rest="\${rest#"$word"}"
  done
  while IFS=$'\\t' read -r value text; do
    COMPREPLY+=("\${value#"$cut"}")
  done < <("\${typed[0]}" __complete -- "\${typed[@]:1}" 2>/dev/null)
}
complete -o default -F _aco aco`,
  zsh: `#compdef aco
# zsh completion of aco. Put it into ~/.zshrc, after compinit:  source <(aco completion zsh)
_aco() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then
    _describe -V aco found
  else
    _files
  fi
}
compdef _aco aco`,
  fish: `# fish completion of aco. Put it into ~/.config/fish/config.fish:  aco completion fish | source
function __aco_complete
  set -l typed (commandline -opc)
  set -l found ($typed[1] __complete -- $typed[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c aco -f -a '(__aco_complete)'`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
