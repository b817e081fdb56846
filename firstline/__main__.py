from firstline.config.cli import main

main()
