// time-machine
