// SPDX-License-Identifier: Apache-2.0
// Errors: everything that goes wrong with a kernel is a CudaError that names the kernel and CUDA's error.

/** CUDA's names for the numbers that launches return (CUDA Runtime API, cudaError_t). */
const NAMES = {
    1: "cudaErrorInvalidValue",
    2: "cudaErrorMemoryAllocation",
    9: "cudaErrorInvalidConfiguration",
    98: "cudaErrorInvalidDeviceFunction",
    100: "cudaErrorNoDevice",
    700: "cudaErrorIllegalAddress",
    701: "cudaErrorLaunchOutOfResources",
    702: "cudaErrorLaunchTimeout",
    709: "cudaErrorContextIsDestroyed",
    710: "cudaErrorAssert",
    715: "cudaErrorIllegalInstruction",
    716: "cudaErrorMisalignedAddress",
    719: "cudaErrorLaunchFailure",
    801: "cudaErrorNotSupported",
    999: "cudaErrorUnknown",
};

export class CudaError extends Error {
    /**
     * @param {number} code CUDA's number
     * @param {string} message a sentence for people
     * @param {string} [kernel] the kernel that it is about
     */
    constructor(code, message, kernel) {
        super(kernel ? `${kernel}: ${message} (${NAMES[code] ?? `error ${code}`})` : `${message} (${NAMES[code] ?? `error ${code}`})`);
        this.name = "CudaError";
        this.code = code;
        this.cudaName = NAMES[code] ?? `error ${code}`;
        if (kernel) this.kernel = kernel;
    }
}
