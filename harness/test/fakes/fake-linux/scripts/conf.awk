# SPDX-License-Identifier: MIT
# conf, as far as the toy needs it. mode=tiny: what can be off is off. mode=old: reads a .config, then Kconfig; a
# symbol stays when its `depends on A && B` holds. Symbols that Kconfig does not know stay as well, so that fragments
# need not be listed twice, but for CONFIG_NO_SUCH_*. No choices, no select.
FILENAME ~ /Kconfig$/ {
	if ($1 == "help") help = 1
	else if (/^[^ \t]/) help = 0
	if (help) next
	if ($1 == "config" || $1 == "menu") { name = $1 == "config" ? $2 : ""; if (name != "") { order[++count] = name; known[name] = 1 } }
	else if ($1 == "depends" && name != "") { sub(/^[ \t]*depends on /, ""); needs[name] = $0 }
	else if ($1 == "def_bool") always[name] = $2
	else if ($1 == "default") fallback[name] = $2
	next
}
/^CONFIG_/ { at = index($0, "="); symbol = substr($0, 8, at - 8); given[symbol] = substr($0, at + 1); asked[++asks] = symbol }
/^# CONFIG_.* is not set/ { symbol = substr($2, 8); given[symbol] = "n"; asked[++asks] = symbol }
function holds(text,   parts, i, n) {
	n = split(text, parts, / && /)
	for (i = 1; i <= n; i++) if (value[parts[i]] != "y") return 0
	return 1
}
function show(name, value) {
	if (value == "n") print "# CONFIG_" name " is not set"
	else print "CONFIG_" name "=" value
}
END {
	print "#\n# Automatically generated file; DO NOT EDIT.\n#"
	for (i = 1; i <= count; i++) {
		name = order[i]
		if (name in needs && !holds(needs[name])) continue
		value[name] = (name in always) ? always[name] : (name in given) ? given[name] : (mode == "tiny" ? "n" : (name in fallback) ? fallback[name] : "n")
		show(name, value[name])
	}
	for (i = 1; i <= asks; i++)
		if (!(asked[i] in known) && asked[i] !~ /^NO_SUCH_/) show(asked[i], given[asked[i]])
}
