"""The trusted part: terms, domains, rules and the checker; standard library only."""
