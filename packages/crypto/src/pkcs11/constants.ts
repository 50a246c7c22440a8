/** Numbers of PKCS #11 2.40 and 3.0 that are used here. */

export const CKF_RW_SESSION = 0x2
export const CKF_SERIAL_SESSION = 0x4
/** Without it, modules fall over when they are called from several threads. */
export const CKF_OS_LOCKING_OK = 0x2

export const CKU_USER = 1
export const CKO_PUBLIC_KEY = 2
export const CKO_PRIVATE_KEY = 3

export const CKA_CLASS = 0x0
export const CKA_TOKEN = 0x1
export const CKA_PRIVATE = 0x2
export const CKA_LABEL = 0x3
export const CKA_KEY_TYPE = 0x100
export const CKA_ID = 0x102
export const CKA_SENSITIVE = 0x103
export const CKA_SIGN = 0x108
export const CKA_VERIFY = 0x10a
export const CKA_EXTRACTABLE = 0x162
export const CKA_EC_PARAMS = 0x180
export const CKA_EC_POINT = 0x181

export const CKM_EC_KEY_PAIR_GEN = 0x1040
export const CKM_ECDSA = 0x1041
export const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055
export const CKM_EDDSA = 0x1057

export const CKR_OK = 0x0
export const CKR_MECHANISM_INVALID = 0x70
export const CKR_USER_ALREADY_LOGGED_IN = 0x100
export const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191
/** The PIN is wrong, of a wrong form, of a wrong length, expired or locked. */
export const PIN_REFUSED: readonly number[] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4]
/** The session is gone: the token was reset, or taken out and put back. */
export const SESSION_LOST: readonly number[] = [0x30, 0x32, 0xb0, 0xb3, 0xe0, 0x101]
