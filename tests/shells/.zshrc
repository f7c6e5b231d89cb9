# Every completion ends in `compadd`. Calls of it that only ask for an array are no candidates.
PS1=
fpath=($SCRIPTS $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
    local -a hits
    if (( ! ${argv[(I)-[OAD]]} )); then
        builtin compadd -A hits "$@"
        print -rl -- $hits >>$OUT
    fi
    builtin compadd "$@"
}
next-line() { zle list-choices; print . >>$OUT; BUFFER= }
zle -N next-line
LISTMAX=10000
bindkey '^I' next-line
