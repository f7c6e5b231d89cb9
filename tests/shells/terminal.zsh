# Types lines into a zsh that sits at a terminal, with a tab after each, and shows what the terminal did.
zmodload zsh/zpty
zpty shell zsh -i
while IFS= read -r line; do
    zpty -w -n shell "$line"$'\t'
done
zpty -w -n shell $'exit\n'
while zpty -r shell line; do
    print -r -- $line
done
