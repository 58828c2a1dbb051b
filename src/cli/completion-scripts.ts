export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** Where the command line itself says what may stand at the cursor; nothing of the command tree is in the scripts. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of aco. Put it into ~/.bashrc:  source <(aco completion bash)
_aco() {
  local value text
  COMPREPLY=()
  while IFS=$'\\t' read -r value text; do
    COMPREPLY+=("$value")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
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
