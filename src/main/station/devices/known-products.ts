// Products that depart from the standard, and how: text of a quirk file, in the vocabulary of fwupd, as a user could write
// it himself. Facts about devices alone.

/** Products with a bootloader of their own. */
export const productQuirks = String.raw`
# Openmoko Neo FreeRunner: a person holds a button to bring it into its bootloader; bwPollTimeout is nonsense.
[USB\VID_1D50&PID_5119]
Name = Openmoko Neo FreeRunner
Flags = ignore-polltimeout,no-pid-change,no-dfu-runtime,needs-bootloader,no-get-status-upload

# The rest of the Openmoko family, under the vendor id of today and the one before.
[USB\VID_1D50&PID_5117]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5118]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511A]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511B]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511C]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511D]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511E]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_511F]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5120]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5121]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5122]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5123]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5124]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5125]
Flags = ignore-polltimeout
[USB\VID_1D50&PID_5126]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5117]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5118]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5119]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511A]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511B]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511C]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511D]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511E]
Flags = ignore-polltimeout
[USB\VID_1457&PID_511F]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5120]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5121]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5122]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5123]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5124]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5125]
Flags = ignore-polltimeout
[USB\VID_1457&PID_5126]
Flags = ignore-polltimeout

# Readers and tracers whose bwPollTimeout is nonsense.
[USB\VID_16C0&PID_0762]
Name = SIMtrace
Flags = ignore-polltimeout
[USB\VID_16C0&PID_076B]
Name = OpenPCD
Flags = ignore-polltimeout
[USB\VID_16C0&PID_076C]
Name = OpenPICC
Flags = ignore-polltimeout

# Siemens PXM 40 and 50: only those without a revision.
[USB\VID_0908&PID_02C4&REV_0000]
Flags = ignore-polltimeout
[USB\VID_0908&PID_02C5&REV_0000]
Flags = ignore-polltimeout

# M-Audio Transit.
[USB\VID_0763&PID_2806]
Name = M-Audio Transit
Flags = ignore-polltimeout

# HydraBus: a person holds a button to bring it into its bootloader.
[USB\VID_1D50&PID_60A7]
Name = HydraBus
Flags = no-dfu-runtime,needs-bootloader

# m-stack: its program starts only after an upload or a download.
[USB\VID_273F&PID_1003]
Flags = attach-upload-download
[USB\VID_273F&PID_1008]
Flags = attach-upload-download
[USB\VID_273F&PID_100A]
Flags = attach-upload-download

# Jabra loudspeakers: one product id in both modes, an upload that is none, and one more reset to get out.
[USB\VID_0B0E&PID_0411]
Name = Jabra 410
Flags = no-pid-change,ignore-upload,attach-extra-reset
[USB\VID_0B0E&PID_0421]
Name = Jabra 510
Flags = no-pid-change,ignore-upload,attach-extra-reset
[USB\VID_0B0E&PID_0971]
Name = Jabra 810
Flags = no-pid-change,ignore-upload,attach-extra-reset
[USB\VID_0B0E&PID_0982]
Name = Jabra 710
Flags = no-pid-change,ignore-upload,attach-extra-reset

# Poly: all of its cameras and sound bars manifest for long, and mean a bwPollTimeout of 0.
[USB\VID_095D]
Flags = manifest-poll,allow-zero-polltimeout
[USB\VID_095D&PID_9160]
Flags = no-bus-reset-attach,index-force-detach
RemoveDelay = 60000
[USB\VID_095D&PID_9212]
RemoveDelay = 30000
[USB\VID_095D&PID_9213]
RemoveDelay = 30000
[USB\VID_095D&PID_9217]
Flags = no-bus-reset-attach,index-force-detach
RemoveDelay = 60000
[USB\VID_095D&PID_9218]
Flags = no-bus-reset-attach
RemoveDelay = 60000
[USB\VID_095D&PID_927B]
Flags = no-bus-reset-attach
RemoveDelay = 60000
[USB\VID_095D&PID_9290]
Flags = index-force-detach
RemoveDelay = 60000
[USB\VID_095D&PID_9291]
RemoveDelay = 60000
[USB\VID_095D&PID_92A1]
Flags = index-force-detach
RemoveDelay = 90000
[USB\VID_095D&PID_92A2]
RemoveDelay = 90000
[USB\VID_095D&PID_92B2]
Flags = index-force-detach
RemoveDelay = 60000
[USB\VID_095D&PID_92B3]
RemoveDelay = 60000
[USB\VID_095D&PID_92B4]
Flags = index-force-detach
RemoveDelay = 60000
[USB\VID_095D&PID_92C6]
Flags = index-force-detach
RemoveDelay = 180000
[USB\VID_095D&PID_92C7]
RemoveDelay = 180000

# Cameras and panels that DFU_DETACH brings back to their program.
[USB\VID_0BDA&PID_5800]
Flags = detach-for-attach
[USB\VID_34AD&PID_0006]
Name = AVer ATLAS CAM
Flags = detach-for-attach
RemoveDelay = 60000
[USB\VID_2574&PID_0A30]
Name = AVer CAM520 Pro2
Flags = detach-for-attach
RemoveDelay = 180000
[USB\VID_25B5&PID_0004]
Name = FlatFrog
Flags = detach-for-attach,manifest-poll,ignore-upload
[USB\VID_1BCF&PID_0B1D]
Flags = detach-for-attach,ignore-upload,ignore-polltimeout
[USB\VID_1BCF&PID_0B1E]
Flags = detach-for-attach,ignore-upload
[USB\VID_1BCF&PID_0B22]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_636C]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_636D]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_636E]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_636F]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_6373]
Flags = detach-for-attach,ignore-upload
[USB\VID_0C45&PID_6374]
Flags = detach-for-attach,ignore-upload

# FPC fingerprint readers of laptops: what they call DFU is none, and nobody may take them for boards.
[USB\VID_10A5&PID_9800]
DfuForceVersion = 0x0
[USB\VID_10A5&PID_D805]
DfuForceVersion = 0x0
[USB\VID_10A5&PID_FFE0]
DfuForceVersion = 0x0
[USB\VID_10A5&PID_FFE1]
DfuForceVersion = 0x0
`
