// Bootloaders in chips and on boards, and how they depart from the standard: text of a quirk file, in the vocabulary of
// fwupd, as a user could write it himself. Facts about devices alone.

/** Loaders that come with a chip. */
export const loaderQuirks = String.raw`
# ST: the bootloader in the ROM of STM32 chips, DfuSe. Some of them leave the sector size out of their memory string.
[USB\VID_0483&PID_DF11]
Name = STM32 bootloader
Flags = absent-sector-size,will-disappear
DfuForceVersion = 0x011a
DfuForceTimeout = 5000

# GigaDevice: the bootloader of the GD32VF103, which says that it is in run-time mode.
[USB\VID_28E9&PID_0189]
Name = GD32VF103 bootloader
Flags = gd32,force-dfu-mode,will-disappear

# NXP: the bootloader in the ROM of LPC chips.
[USB\VID_1FC9&PID_000C]
Name = LPC bootloader
Flags = force-dfu-mode

# LeafLabs: the bootloader of the Maple, whose descriptor has a wrong version.
[USB\VID_1EAF&PID_0003&REV_0200]
Name = Maple bootloader
DfuForceVersion = 0x0110

# Atmel: bootloaders that speak FLIP under the class of DFU, another protocol, which this station does not serve.
[USB\VID_03EB&PID_2FE2]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
DfuForceVersion = 0xff01
[USB\VID_03EB&PID_2FE3]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE4]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE5]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE6]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE7]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE8]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FE9]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FEA]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FEB]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FEC]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FED]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FEE]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FEF]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF0]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF1]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF2]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF3]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF4]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF5]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF6]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF7]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
DfuForceVersion = 0xff01
[USB\VID_03EB&PID_2FF8]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
[USB\VID_03EB&PID_2FF9]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
DfuForceVersion = 0xff01
[USB\VID_03EB&PID_2FFA]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
DfuForceVersion = 0xff01
[USB\VID_03EB&PID_2FFB]
Flags = use-any-interface,legacy-protocol,force-dfu-mode
DfuForceVersion = 0xff01
`
