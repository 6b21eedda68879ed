x = "/var/tmp/build"
