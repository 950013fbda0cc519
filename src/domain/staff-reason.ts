/**
 * Why somebody of the clinic closes time, or books over time that is taken. Codes and no text: free text names a patient
 * sooner or later, and the reason of a block is shown to whoever may read slots.
 */
export const BLOCK_REASONS = ['lunch', 'meeting', 'absence', 'other'] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

/** `urgent`: it cannot wait. `overbooking`: somebody is expected not to come. `agreed`: the practitioner said so. */
export const OVERRIDE_REASONS = ['urgent', 'overbooking', 'agreed', 'other'] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];

export type StaffReason = BlockReason | OverrideReason;
