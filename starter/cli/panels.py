"""The parts of `sunrelay --help --all`: which heading a command stands under."""

DESK = "The desk"
READ = "Read cases"
SAY = "Say something to a case"
POLICIES = "Policies and calendars"
