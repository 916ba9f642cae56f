@rem Stands in on Windows for the "exec" of other shells in package.json; scripts/next.mjs says what that is for.
@%*
