//! The work: which numbers are prime?

/// 2^53, the limit up to which an `f64` holds every integer exactly.
const N: u64 = 1 << 53;

/// The numbers to check.
#[rustfmt::skip]
pub const NUMBERS: [u64; 20] = [
    // The largest primes below 2^53.
    N - 111, N - 145, N - 231, N - 265, N - 315, N - 339, N - 343, N - 369,
    // Products of two primes just below 2^26.5, as slow as a prime.
    94_906_249 * 94_906_247, 94_906_249 * 94_906_219,
    94_906_249 * 94_906_213, 94_906_247 * 94_906_219,
    94_906_247 * 94_906_213, 94_906_219 * 94_906_213,
    // Numbers with a small divisor.
    N, N - 1, N - 2, N - 3, N - 4, N - 5,
];

/// Checks by trial division. Other methods are faster, but this one is meant to keep a CPU busy.
pub fn is_prime(n: u64) -> bool {
    let mut odd = (3..=n.isqrt()).step_by(2);
    n == 2 || n > 2 && n % 2 == 1 && !odd.any(|i| n.is_multiple_of(i))
}
