/** The shells whose lines are completed. */
export const EVERY_SHELL = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof EVERY_SHELL)[number];

/**
 * What each shell has to be told once. The scripts know nothing of the program: at every Tab they ask `colony complete`,
 * so that an upgrade needs no new script. A line of the answer is a word, with a tab and a few words about it except for
 * bash; the line `:files` leaves the rest to the shell.
 */
export const SCRIPTS: { readonly [S in Shell]: string } = {
  bash: `# Completion of colony for bash.
_colony() {
  local line word=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      [[ $word == [=:]* ]] && word=
      compopt -o filenames 2> /dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
      return
    fi
    printf -v line %q "$line"
    COMPREPLY+=("$line")
  done < <(colony complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
}
complete -F _colony colony
`,
  zsh: `#compdef colony
# Completion of colony for zsh.
_colony() {
  local line
  local -a values shown
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compset -P '*='
      _files
      return
    fi
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(colony complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)
  compadd -l -d shown -a values
}
# Found in $fpath this file is the function itself; sourced it only defines it.
if [[ $funcstack[1] == _colony ]]; then _colony "$@"; else compdef _colony colony; fi
`,
  fish: `# Completion of colony for fish.
function __colony_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l found (colony complete fish -- $words "$current" 2> /dev/null)
    if test "$found[1]" = :files
        __fish_complete_path "$current"
    else if set -q found[1]
        printf '%s\\n' $found
    end
end
complete -c colony -f -a '(__colony_complete)'
`,
};
